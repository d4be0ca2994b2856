import Foundation
import Testing

/// The completion scripts: file names wherever a file is named.
@Suite struct CompletionTests {
  let charlm: Charlm

  init() throws { charlm = try Charlm() }

  /// The verbs and their arguments, from the root.
  private func tree() throws -> [String: Any] {
    let outcome = try charlm.run("--experimental-dump-help")
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return try #require((object as? [String: Any])?["command"] as? [String: Any])
  }

  private func arguments(of command: [String: Any]) -> [(verb: String, argument: [String: Any])] {
    let name = command["commandName"] as? String ?? ""
    if name == "help" { return [] }
    let own = (command["arguments"] as? [[String: Any]] ?? []).map { (name, $0) }
    let subcommands = command["subcommands"] as? [[String: Any]] ?? []
    return own + subcommands.flatMap(arguments)
  }

  /// Whether the value is a file's name: that of every positional argument without a list of
  /// values, and of options with a telling name.
  private func isFile(_ argument: [String: Any]) -> Bool {
    let value = argument["valueName"] as? String ?? ""
    return switch argument["kind"] as? String {
    case "positional": argument["allValues"] == nil
    case "option":
      value.hasPrefix("file") || value.hasSuffix("-file")
        || ["model", "checkpoint", "folder", "output", "training-text", "fit"].contains(value)
    default: false
    }
  }

  @Test func everyFileHasAFileCompletion() throws {
    let files = try arguments(of: tree()).filter { isFile($0.argument) }
    #expect(files.count > 35)
    for (verb, argument) in files {
      let kind = argument["completionKind"] as? [String: Any] ?? [:]
      #expect(
        kind["file"] != nil || kind["directory"] != nil,
        "charlm \(verb): \(argument["valueName"] ?? "")")
    }
  }

  @Test(arguments: [
    ("bash", #"_add_completions -o plusdirs -fX '!*.@(safetensors)'"#),
    ("zsh", "_files -g"), ("fish", "-rfka"),
  ])
  func everyShellCompletesFiles(shell: String, marker: String) throws {
    let outcome = try charlm.run("--generate-completion-script", shell)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains(marker), "\(outcome.output.prefix(3_000))")
  }

  /// The completions of the last word by the script for bash.
  private func completions(_ line: String) throws -> [String] {
    try charlm.write(
      """
      source script.bash
      COMP_LINE=$1 COMP_POINT=${#1}
      read -ra COMP_WORDS <<<"$1"
      [[ $1 = *' ' ]] && COMP_WORDS+=('')
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _charlm charlm "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}"

      """, to: "complete.bash")
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["complete.bash", line]
    process.currentDirectoryURL = charlm.folder.url
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init).sorted()
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/bin/bash")))
  func bashCompletesVerbsOptionsAndFiles() throws {
    try charlm.write(charlm.run("--generate-completion-script", "bash").output, to: "script.bash")
    for name in ["novel.txt", "novel.safetensors", "novel.svg", "other.txt"] {
      try charlm.write("", to: name)
    }
    #expect(try completions("charlm ins") == ["inspect"])
    #expect(
      try completions("charlm train no") == ["novel.safetensors", "novel.svg", "novel.txt"])
    #expect(try completions("charlm train novel.txt --output no") == ["novel.safetensors"])
    #expect(try completions("charlm train novel.txt -o no") == ["novel.safetensors"])
    #expect(try completions("charlm train novel.txt --plot no") == ["novel.svg"])
    #expect(try completions("charlm generate no") == ["novel.safetensors"])
    #expect(try completions("charlm evaluate novel.safetensors ot") == ["other.txt"])
    #expect(try completions("charlm train --hidden") == ["--hidden-size"])
  }
}
