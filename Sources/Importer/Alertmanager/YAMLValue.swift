import Diagnostics
import YAML

/// A value with the place of its field.
struct YAMLValue {
  let node: YAMLNode
  let place: SourceRange

  /// The text of a scalar that isn't empty.
  var text: String? { node.text.flatMap { $0.isEmpty ? nil : $0 } }
}

extension SpecValue {
  /// A copy of a node: texts stay texts, numbers and booleans stay what they are.
  init(copying node: YAMLNode) {
    switch node.content {
    case .mapping(let entries): self = .map(entries.map { SpecField($0.name, SpecValue(copying: $0.value)) })
    case .sequence(let items): self = .list(items.map(SpecValue.init(copying:)))
    case .scalar(let scalar):
      switch scalar.tag {
      case .integer, .boolean, .float: self = .literal(scalar.text)
      case .null: self = .literal("null")
      case .string: self = .text(scalar.text)
      }
    }
  }
}
