import ModelFiles
import RecurrentNetwork

extension TrainingConfiguration {
  /// What training leaves out at random.
  var dropouts: Dropout {
    Dropout(
      layerOutput: dropout, maskKind: dropoutMask, embedding: embeddingDropout,
      recurrentWeight: recurrentDropout)
  }
}
