import Glibc

/// The target that the environment names.
private let target: any FuzzTarget = {
  let name = getenv("CHARLM_FUZZ_TARGET").map { String(cString: $0) } ?? ""
  guard let type = fuzzTargets[name], let target = try? type.init() else {
    fatalError("CHARLM_FUZZ_TARGET must be one of \(fuzzTargets.keys.sorted())")
  }
  return target
}()

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
  target.test(UnsafeRawBufferPointer(start: start, count: count))
  return 0
}
