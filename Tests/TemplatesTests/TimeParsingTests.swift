import Model
import Templates
import Testing

@Suite struct `Times read from texts` {
  @Test(arguments: [
    ("2006-01-02", "2024-02-29", "2024-02-29 00:00:00 +0000 UTC"),
    ("2006-01-02", "2023-02-29", ""),
    ("2006-01-02T15:04:05Z07:00", "2024-05-01T10:00:00Z", "2024-05-01 10:00:00 +0000 UTC"),
    ("2006-01-02T15:04:05Z07:00", "2024-05-01T10:00:00.25+02:00", "2024-05-01 10:00:00.25 +0200 "),
    ("2006-01-02 15:04:05.000 -0700", "2024-05-01 10:00:00.007 -0330", "2024-05-01 10:00:00.007 -0330 "),
    ("Jan _2 3:04PM 2006", "may  1 1:05PM 2024", "2024-05-01 13:05:00 +0000 UTC"),
    ("Monday, 02-Jan-06 15:04:05 MST", "Wednesday, 01-May-24 10:00:00 UTC", "2024-05-01 10:00:00 +0000 UTC"),
    ("2006 002", "2024 366", "2024-12-31 00:00:00 +0000 UTC"),
    ("2006 002", "2023 366", ""),
    ("15:04", "25:00", ""), ("15:04", "10:0", ""), ("15:04", "10:00 ", ""), ("2006", "99999", ""), ("x", "", ""),
  ])
  func `are those of Go`(layout: String, text: String, time: String) throws {
    let template = try Template(
      parsing: "{{ with mustToDate \(layout.quotedAsGo) \(text.quotedAsGo) }}{{ . }}{{ end }}", functions: .notification
    )
    let outcome = template.expand(TemplateScene(name: "t", root: .none))
    switch outcome {
    case .text(let found): #expect(found == time || found.hasPrefix(time) && !time.isEmpty)
    case .failed(let error, _):
      #expect(time.isEmpty, "\(error.message)")
      #expect(error.message.hasPrefix("error calling mustToDate: parsing time "))
    case .needs: Issue.record("a query")
    }
  }

  @Test func `are the zero time where toDate can't read them`() throws {
    let template = try Template(parsing: #"{{ (toDate "2006" "x").IsZero }}"#, functions: .notification)
    guard case .text(let text) = template.expand(TemplateScene(name: "t", root: .none)) else {
      Issue.record("no text")
      return
    }
    #expect(text == "true")
  }
}
