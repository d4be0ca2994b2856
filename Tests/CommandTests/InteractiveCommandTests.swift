import Testing
import charlm

@Suite struct InteractiveCommandTests {
  @Test(arguments: [
    ("", InteractiveCommand.write("")), (" and so", .write(" and so")), ("//x", .write("/x")),
    ("/continue", .write("")), ("/undo", .undo), ("/retry", .retry), ("/next", .next),
    ("/temperature 0.7", .temperature(0.7)), ("/temperature", .temperature(nil)),
    ("/length  20 ", .length(20)), ("/seed 7", .seed(7)), ("/seed", .seed(nil)),
    ("/save a story.txt ", .save(path: "a story.txt")), ("/help", .help), ("/quit", .quit),
  ])
  func linesAreTextOrCommands(line: String, command: InteractiveCommand) throws {
    #expect(try InteractiveCommand(line) == command)
  }

  @Test(arguments: [
    ("/", InteractiveError.unknownCommand("")), ("/undoo", .unknownCommand("undoo")),
    ("/undo 3", .unwantedArgument(command: "undo", argument: "3")),
    ("/temperature hot", .notANumber(command: "temperature", argument: "hot")),
    ("/length 1.5", .notANumber(command: "length", argument: "1.5")),
    ("/seed -1", .notANumber(command: "seed", argument: "-1")), ("/save", .missingPath),
  ])
  func whatMeansNothingIsTold(line: String, error: InteractiveError) {
    #expect(throws: error) { try InteractiveCommand(line) }
    #expect(error.description.utf8.count > 20)
  }
}
