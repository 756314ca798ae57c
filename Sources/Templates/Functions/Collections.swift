import Model

/// Functions over lists, maps and texts.
extension TemplateFunction {
  /// Lists and maps nest no deeper.
  static let nestingLimit = 100

  func collected(_ given: TemplateArguments) throws(TemplateCallError) -> TemplateValue {
    switch self {
    case .len: return .integer(try Self.length(given[0]))
    case .index: return try Self.index(given)
    case .slice: return try Self.slice(given)
    case .first:
      guard let first = given.elements(0).first else {
        throw .function("first() called on vector with no elements")
      }
      return first
    case .label: return .string(given.sample(1).labels[given.text(0)])
    case .value: return .float(given.sample(0).value)
    case .strvalue: return .string(given.sample(0).labels["__value__"])
    case .sortByLabel:
      let samples = (0..<given.elements(1).count).map { TemplateArguments(values: given.elements(1)).sample($0) }
      let name = given.text(0)
      // The standard library's sort is stable.
      return .list(.samples(samples.sorted { $0.labels[name].precedesInBytes($1.labels[name]) }))
    case .stringSlice: return .list(TemplateList(given.values, typeName: "[]string"))
    case .list: return try Self.nested(.list(TemplateList(given.values)))
    case .append:
      return try Self.nested(.list(TemplateList(given.elements(0) + given.values.dropFirst())))
    case .args:
      return try Self.nested(.map(TemplateMap(given.values.enumerated().map { ("arg\($0.offset)", $0.element) })))
    default: return try Self.nested(.map(try Self.dictionary(given.values)))
    }
  }

  private static func nested(_ value: TemplateValue) throws(TemplateCallError) -> TemplateValue {
    guard value.depth <= nestingLimit else { throw .function("lists and maps nest deeper than \(nestingLimit)") }
    return value
  }

  private static func dictionary(_ values: [TemplateValue]) throws(TemplateCallError) -> TemplateMap {
    guard values.count.isMultiple(of: 2) else { throw .function("expected even number of arguments") }
    var pairs: [(name: String, value: TemplateValue)] = []
    for index in stride(from: 0, to: values.count, by: 2) {
      guard case .string(let name) = values[index] else { throw .function("keys must be strings") }
      pairs.append((name, values[index + 1]))
    }
    return TemplateMap(pairs)
  }

  private static func length(_ value: TemplateValue) throws(TemplateCallError) -> Int {
    switch value.bare {
    case .string(let text): return text.utf8.count
    case .labels(let labels): return labels.pairs.count
    case .map(let map): return map.pairs.count
    case .list(let list): return list.elements.count
    case .none: throw .function("len of nil pointer")
    case let other: throw .function("len of type \(other.typeName)")
    }
  }

  /// `index x 1 2` is x[1][2] in Go.
  private static func index(_ given: TemplateArguments) throws(TemplateCallError) -> TemplateValue {
    var value = given[0]
    for key in given.values.dropFirst() {
      switch value.bare {
      case .labels(let labels): value = .string(labels[try self.key(key)])
      case .map(let map): value = map[try self.key(key)] ?? .none
      case .list(let list):
        value = list.elements[try position(key, below: list.elements.count)]
      case .string(let text):
        let position = try position(key, below: text.utf8.count)
        value = .integer(Int(text.utf8[text.utf8.index(text.utf8.startIndex, offsetBy: position)]))
      case .none: throw .function("index of untyped nil")
      case let other: throw .function("can't index item of type \(other.typeName)")
      }
    }
    return value
  }

  private static func key(_ value: TemplateValue) throws(TemplateCallError) -> String {
    switch value {
    case .string(let name): return name
    case .none: throw .function("value is nil; should be of type string")
    default: throw .function("value has type \(value.typeName); should be string")
    }
  }

  private static func position(_ value: TemplateValue, below count: Int) throws(TemplateCallError) -> Int {
    switch value.bare {
    case .integer(let index):
      guard index >= 0, index < count else { throw .function("index out of range: \(index)") }
      return index
    case .none: throw .function("cannot index slice/array with nil")
    default: throw .function("cannot index slice/array with type \(value.typeName)")
    }
  }

  /// `slice x 1 2` is x[1:2] in Go; positions in a text are bytes.
  private static func slice(_ given: TemplateArguments) throws(TemplateCallError) -> TemplateValue {
    let (value, count) = try sliceable(given)
    var bounds = [0, count]
    for (index, key) in given.values.dropFirst().enumerated() {
      let position = try position(key, below: count + 1)
      if index < bounds.count { bounds[index] = position } else { bounds.append(position) }
    }
    for (low, high) in zip(bounds, bounds.dropFirst()) where low > high {
      throw .function("invalid slice index: \(low) > \(high)")
    }
    let range = bounds[0]..<bounds[1]
    switch value {
    case .string(let text): return .string(String(decoding: Array(text.utf8)[range], as: UTF8.self))
    case .list(let list): return .list(TemplateList(Array(list.elements[range]), typeName: list.typeName))
    default: return value
    }
  }

  /// What is cut by `slice`, and its length.
  private static func sliceable(_ given: TemplateArguments) throws(TemplateCallError) -> (TemplateValue, Int) {
    guard given.count <= 4 else { throw .function("too many slice indexes: \(given.count - 1)") }
    switch given[0].bare {
    case .string(let text):
      guard given.count < 4 else { throw .function("cannot 3-index slice a string") }
      return (given[0].bare, text.utf8.count)
    case .list(let list): return (given[0].bare, list.elements.count)
    case .none: throw .function("slice of untyped nil")
    case let other: throw .function("can't slice item of type \(other.typeName)")
    }
  }
}
