/// Why a template could not be expanded for one sample.
package struct TemplateRenderError: Error, Hashable, Sendable {
  /// In the words of Go where it has some: `error calling humanize: …`.
  package let message: String
  /// The command or operand at fault, as Go prints it.
  let context: String
  /// Where the command begins in the template, in bytes.
  package let offset: Int

  /// The text that Prometheus puts in place of the value.
  func wording(in text: String, named name: String) -> String {
    let place = TemplatePlace(of: offset, in: text)
    return "<error expanding template: error executing template \(name): template: \(name):\(place.line):"
      + "\(place.column): executing \"\(name)\" at <\(context)>: \(message)>"
  }
}

/// A place as Go's templates tell it: lines from 1, columns in bytes from 0.
struct TemplatePlace {
  var line = 1
  var column: Int

  /// Prometheus glues the definitions of four variables in front, which count in the first line's columns.
  private static let definitions =
    "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}"

  init(of offset: Int, in text: String) {
    column = Self.definitions.utf8.count
    for byte in text.utf8.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 0
      } else {
        column += 1
      }
    }
  }
}
