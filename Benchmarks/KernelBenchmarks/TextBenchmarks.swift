import Benchmark
import Tokenization

/// A megabyte of text through the tokenizer: whole, and its normalizer alone.
func addTextBenchmarks() {
  // Each line once more and again, until there is a megabyte of it.
  let lines = [
    ("ASCII", "The quick brown fox jumps over the lazy dog, 17 times a day.\n"),
    ("Chinese", "我能吞下玻璃而不伤身体，也能写字。\n"),
    ("decomposed", "de\u{301}ja\u{300} vu, nai\u{308}ve cafe\u{301}s\n"),
    ("Hindi", "मैं काँच खा सकता हूँ और मुझे उससे कोई चोट नहीं पहुंचती।\n"),
  ]
  for (name, line) in lines {
    let setup: @Sendable () throws -> (Tokenizer, String) = {
      let text = String(repeating: line, count: 1_000_000 / line.utf8.count)
      let tokenizer = try Tokenizer.fit(
        [.text(line, name: name)], configuration: TokenizerConfiguration())
      return (tokenizer, text)
    }
    Benchmark("tokenizer: a megabyte, \(name)") { benchmark, input in
      let (tokenizer, text) = input
      for _ in benchmark.scaledIterations { blackHole(tokenizer.encode(text)) }
    } setup: {
      try setup()
    }
    Benchmark("normalizer: a megabyte, \(name)") { benchmark, input in
      let (tokenizer, text) = input
      for _ in benchmark.scaledIterations { blackHole(tokenizer.normalize(text)) }
    } setup: {
      try setup()
    }
  }
}
