import Reporting
import Testing

@Suite struct CommaSeparatedCellTests {
  @Test(arguments: [
    ("", "\"\""), ("a,b", "\"a,b\""), ("say \"no\"", "\"say \"\"no\"\"\""),
    ("\"\u{301},", "\"\"\"\u{301},\""),
  ])
  func everyQuotationMarkIsDoubled(text: String, cell: String) {
    #expect(Array(commaSeparatedCell(text).utf8) == Array(cell.utf8))
  }
}
