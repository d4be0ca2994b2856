// All libraries of charlm by one import. The name differs from the command's in more than case, so
// that both can be built on a file system that ignores case.
@_exported import Compression
@_exported import Evaluation
@_exported import Generation
@_exported import Interchange
@_exported import Kernels
@_exported import ModelFiles
@_exported import Patterns
@_exported import RecurrentNetwork
@_exported import Tokenization
@_exported import Training
