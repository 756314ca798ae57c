import Model

/// What an expression within a template yields.
enum TemplateValue: Sendable {
  case none
  case string(String)
  case float(Double)
  case integer(Int)
  case bool(Bool)
  case map(Labels)

  /// As `fmt.Print` writes it.
  var printed: String {
    switch self {
    case .none: "<nil>"
    case .string(let text): text
    case .float(let number): number.printedAsGo
    case .integer(let number): String(number)
    case .bool(let truth): truth ? "true" : "false"
    case .map(let labels): "map[" + labels.pairs.map { $0.name + ":" + $0.value }.joined(separator: " ") + "]"
    }
  }

  /// Go's name of the type, for error texts.
  var typeName: String {
    switch self {
    case .none: "<nil>"
    case .string: "string"
    case .float: "float64"
    case .integer: "int"
    case .bool: "bool"
    case .map: "map[string]string"
    }
  }
}
