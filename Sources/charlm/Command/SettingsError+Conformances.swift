import Benchmarking
import Compression
import Evaluation
import Generation
import Patterns
import RecurrentNetwork
import Tokenization
import Training

extension BenchmarkingError: SettingsError {}
extension EvaluationSettingsError: SettingsError {}
extension GenerationSettingsError: SettingsError {}
extension NetworkError: SettingsError {}
extension PatternError: SettingsError {}
extension TokenizerSettingsError: SettingsError {}
extension TrainingSettingsError: SettingsError {}

// Errors in data that a setting may help with.
extension CompressionError: SettingsNamingError {}
extension EvaluationError: SettingsNamingError {}
extension GenerationError: SettingsNamingError {}
extension TokenizationError: SettingsNamingError {}
extension TrainingError: SettingsNamingError {}
