import Benchmark
import Generation
import Kernels

/// The choice of one token.
func addSamplerBenchmarks() {
  let settings = [
    ("whole distribution", SamplerSettings(temperature: 0.8)),
    ("top 40", SamplerSettings(temperature: 0.8, topK: 40)),
    ("top-p 0.9", SamplerSettings(temperature: 0.8, topP: 0.9)),
    ("min-p 0.05", SamplerSettings(temperature: 0.8, minP: 0.05)),
    ("typical-p 0.9", SamplerSettings(temperature: 0.8, typicalP: 0.9)),
    ("most likely", SamplerSettings(temperature: 0)),
  ]
  for vocabularySize in [65, 6_500] {
    for (name, settings) in settings {
      let title = "sampler: \(name) of \(vocabularySize)"
      Benchmark(title, configuration: .init(scalingFactor: .kilo)) { benchmark in
        var stream = RandomStream(seed: 1, purpose: 2)
        let logits = (0..<vocabularySize).map { _ in Float(4 * stream.nextNormal()) }
        var sampler = try Sampler(settings, vocabularySize: vocabularySize)
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { blackHole(sampler.next(logits, using: &stream)) }
      }
    }
  }
}
