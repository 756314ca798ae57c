package import Model

/// What an expression within a template yields.
package enum TemplateValue: Sendable {
  /// Go's nil: a missing entry of a map of anything.
  case none
  case string(String)
  case bool(Bool)
  case integer(Int)
  case float(Double)
  case duration(GoDuration)
  case time(GoTime)
  /// `map[string]string`: a missing entry is the empty text.
  case labels(Labels)
  /// `map[string]interface {}`.
  case map(TemplateMap)
  case list(TemplateList)
  /// A struct, or a value of a named type with methods.
  case object(any TemplateObject)
}

/// Values in order.
package struct TemplateList: Sendable {
  package let elements: [TemplateValue]
  /// Go's name of the type: `[]interface {}`, `template.queryResult`.
  package let typeName: String
  /// How deep lists and maps nest in it, itself counted.
  let depth: Int

  package init(_ elements: [TemplateValue], typeName: String = "[]interface {}") {
    self.elements = elements
    self.typeName = typeName
    depth = 1 + (elements.lazy.map(\.depth).max() ?? 0)
  }

  static func texts(_ texts: [String]) -> TemplateList {
    TemplateList(texts.map { .string($0) }, typeName: "[]string")
  }

  static func samples(_ samples: [TemplateSample]) -> TemplateList {
    TemplateList(samples.map { .object($0) }, typeName: samplesType)
  }

  static let samplesType = "template.queryResult"
}

/// Values by name, in the order of the names' bytes.
package struct TemplateMap: Sendable {
  package let pairs: [(name: String, value: TemplateValue)]
  let depth: Int

  /// Of several values with one name the last counts.
  package init(_ pairs: [(name: String, value: TemplateValue)]) {
    var byName: [String: TemplateValue] = [:]
    for pair in pairs { byName[pair.name] = pair.value }
    self.pairs = byName.sorted { $0.key.precedesInBytes($1.key) }.map { ($0.key, $0.value) }
    depth = 1 + (pairs.lazy.map(\.value.depth).max() ?? 0)
  }

  package subscript(name: String) -> TemplateValue? {
    pairs.first { $0.name == name }?.value
  }
}

extension TemplateValue {
  /// Go's name of the type, for error texts.
  var typeName: String {
    switch self {
    case .none: "<nil>"
    case .string: "string"
    case .bool: "bool"
    case .integer: "int"
    case .float: "float64"
    case .duration: "time.Duration"
    case .time: "time.Time"
    case .labels: "map[string]string"
    case .map: "map[string]interface {}"
    case .list(let list): list.typeName
    case .object(let object): object.typeName
    }
  }

  /// Whether `if` takes it as true: neither zero nor empty nor nil; NaN is true.
  var isTrue: Bool {
    switch self {
    case .none: false
    case .string(let text): !text.isEmpty
    case .bool(let truth): truth
    case .integer(let number): number != 0
    case .float(let number): number != 0
    case .duration(let duration): duration.nanoseconds != 0
    case .time: true
    case .labels(let labels): !labels.isEmpty
    case .map(let map): !map.pairs.isEmpty
    case .list(let list): !list.elements.isEmpty
    case .object(let object): object.underlying?.isTrue ?? true
    }
  }

  /// The map, list or text at the heart of a value with methods; other values as they are.
  var bare: TemplateValue {
    if case .object(let object) = self, let underlying = object.underlying { return underlying }
    return self
  }

  var depth: Int {
    switch self {
    case .list(let list): list.depth
    case .map(let map): map.depth
    default: 0
    }
  }

  /// The method of that name, bound to this value.
  func method(_ name: String) -> TemplateMethod? {
    switch self {
    case .object(let object): object.method(name)
    case .time(let time): time.method(name)
    case .duration(let duration): duration.method(name)
    default: nil
    }
  }
}
