import CLibFuzzer
import Glibc

/// Hands the inputs of libFuzzer to a target.
///
/// The environment has the target's name, CHARLM_FUZZ_TARGET, and the folder that gets its seeds,
/// CHARLM_FUZZ_SEEDS; without it none are written, as when an input is tried again.
@main enum EntryPoint {
  private static let target: any FuzzTarget = {
    let name = environment("CHARLM_FUZZ_TARGET")
    do {
      if let target = try fuzzTargets[name]?() { return target }
    } catch { fatalError("\(error)") }
    fatalError("CHARLM_FUZZ_TARGET must be one of \(fuzzTargets.keys.sorted())")
  }()

  static func main() {
    let folder = environment("CHARLM_FUZZ_SEEDS")
    for (number, seed) in target.seeds.enumerated() where !folder.isEmpty {
      seed.withUnsafeBytes { ScratchFile.write($0, to: "\(folder)/own-\(number)") }
    }
    var (count, arguments) = (CommandLine.argc, Optional(CommandLine.unsafeArgv))
    exit(
      LLVMFuzzerRunDriver(&count, &arguments) { start, count in
        EntryPoint.target.test(UnsafeRawBufferPointer(start: start, count: count))
        return 0
      })
  }
}

func environment(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
