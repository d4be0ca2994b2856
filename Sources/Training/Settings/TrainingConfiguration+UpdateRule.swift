import Kernels
import ModelFiles
import RecurrentNetwork

extension TrainingConfiguration {
  /// The optimizer's rule; constants without a setting have the defaults of `torch.optim`.
  package var updateRule: UpdateRule {
    switch optimizer {
    case .adam, .adamW: .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
    case .rmsProp: .rmsProp(smoothing: smoothing ?? 0.99, momentum: momentum, epsilon: 1e-8)
    case .adagrad: .adagrad(epsilon: 1e-10)
    case .sgd: .sgd(momentum: momentum, isNesterov: isNesterov)
    }
  }
}

extension TrainingConfiguration {
  /// The dropout of training.
  var dropouts: Dropout {
    Dropout(
      layerOutput: dropout, maskKind: dropoutMask, embedding: embeddingDropout,
      recurrentWeight: recurrentDropout)
  }
}
