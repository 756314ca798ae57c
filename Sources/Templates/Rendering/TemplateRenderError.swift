/// Why a template could not be expanded for one sample.
package struct TemplateRenderError: Error, Hashable, Sendable {
  /// In the words of Go where it has some: `error calling humanize: …`.
  package let message: String
  /// Where the command at fault begins in the template, in bytes.
  package let offset: Int
  /// The command or operand at fault, as Go prints it.
  let context: String
  /// The template or definition that was executing.
  let executing: String
  let place: TemplatePlace

  /// As Go tells it, `name` being the whole template's.
  func description(named name: String) -> String {
    "template: \(name):\(place.line):\(place.column): executing \"\(executing)\" at <\(context)>: \(message)"
  }

  /// The text that Prometheus puts in place of the value.
  func wording(named name: String) -> String {
    "<error expanding template: error executing template \(name): \(description(named: name))>"
  }
}

/// A place as Go's templates tell it: lines from 1, columns in bytes from 0.
struct TemplatePlace: Hashable, Sendable {
  private(set) var line = 1
  private(set) var column: Int

  /// Prometheus glues the definitions of four variables in front, which count in the first line's columns.
  private static let definitions =
    "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}"

  /// `isRule` says that definitions are glued in front.
  init(of offset: Int, in text: String, isRule: Bool) {
    column = isRule ? Self.definitions.utf8.count : 0
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
