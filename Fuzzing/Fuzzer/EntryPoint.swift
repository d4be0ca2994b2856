import CLibFuzzer
import Glibc

/// Hands the inputs of libFuzzer to the target that the environment names.
@main enum EntryPoint {
  private static let target: any FuzzTarget = {
    let name = getenv("CHARLM_FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = try? fuzzTargets[name]?() else {
      fatalError("CHARLM_FUZZ_TARGET must be one of \(fuzzTargets.keys.sorted())")
    }
    return target
  }()

  static func main() {
    var (count, arguments) = (CommandLine.argc, Optional(CommandLine.unsafeArgv))
    exit(
      LLVMFuzzerRunDriver(&count, &arguments) { start, count in
        EntryPoint.target.test(UnsafeRawBufferPointer(start: start, count: count))
        return 0
      })
  }
}
