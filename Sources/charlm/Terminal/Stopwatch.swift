import Training

/// Measures the seconds since its creation.
struct Stopwatch {
  private let start = ContinuousClock.now

  var seconds: Double { start.duration(to: .now).seconds }
}
