import Foundation
import Testing
import charlm

@Suite struct ShellQuotingTests {
  @Test(arguments: [
    "", "it's", "'", "a b\n$HOME `x` \\ \"", "it'\u{301}; echo no", "'\u{200D}'\r\n'",
  ])
  func theShellReadsTheSameBytes(word: String) throws {
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = ["-c", "printf %s " + shellQuoted(word)]
    let output = Pipe()
    shell.standardOutput = output
    try shell.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0)
    #expect(Array(bytes) == Array(word.utf8))
  }
}
