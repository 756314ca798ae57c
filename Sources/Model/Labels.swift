/// One label: a name and a value.
package struct Label: Hashable, Sendable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// A set of labels: sorted by the bytes of the name, each name once, no empty value.
///
/// An empty value means that the label isn't there, as in Prometheus.
package struct Labels: Hashable, Sendable {
  package private(set) var pairs: [Label]

  package static let empty = Labels(sorted: [])

  private init(sorted pairs: [Label]) {
    self.pairs = pairs
  }

  /// The set of `pairs`; of several with one name the last counts.
  package init(_ pairs: some Sequence<Label>) {
    self.pairs = []
    for pair in pairs { self[pair.name] = pair.value }
  }

  /// The set of `pairs`, taken over without sorting and copying; `nil` unless they are a set's as ``pairs`` gives them.
  package init?(adopting pairs: [Label]) {
    guard pairs.allSatisfy({ !$0.value.isEmpty }),
      zip(pairs, pairs.dropFirst()).allSatisfy({ $0.name.precedesInBytes($1.name) })
    else { return nil }
    self.pairs = pairs
  }

  package init(_ pairs: KeyValuePairs<String, String>) {
    self.init(pairs.lazy.map { Label($0.key, $0.value) })
  }

  /// The value of a label, `""` when there is none; setting `""` removes it.
  package subscript(name: String) -> String {
    get {
      for pair in pairs where pair.name == name { return pair.value }
      return ""
    }
    set {
      let index = position(of: name)
      if index < pairs.count, pairs[index].name == name {
        if newValue.isEmpty { pairs.remove(at: index) } else { pairs[index].value = newValue }
      } else if !newValue.isEmpty {
        pairs.insert(Label(name, newValue), at: index)
      }
    }
  }

  /// Whether a label of this name is there.
  package func contains(_ name: String) -> Bool {
    pairs.contains { $0.name == name }
  }

  /// These labels, with those of `other` where this set has none of that name.
  package func filled(from other: Labels) -> Labels {
    var filled = self
    for pair in other.pairs where !contains(pair.name) { filled[pair.name] = pair.value }
    return filled
  }

  /// Only the labels whose names are in `names`.
  package func only(_ names: some Collection<String>) -> Labels {
    Labels(sorted: pairs.filter { names.contains($0.name) })
  }

  /// The labels that are equal in both sets.
  package func common(with other: Labels) -> Labels {
    Labels(sorted: pairs.filter { other[$0.name] == $0.value })
  }

  private func position(of name: String) -> Int {
    var low = 0
    var high = pairs.count
    while low < high {
      let middle = (low + high) / 2
      if pairs[middle].name.precedesInBytes(name) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension Labels: CustomStringConvertible, ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, String)...) {
    self.init(elements.lazy.map { Label($0.0, $0.1) })
  }

  /// `{a="b", c="d"}`, values quoted as in Go.
  package var description: String {
    "{" + pairs.map { $0.name + "=" + $0.value.quotedAsGo }.joined(separator: ", ") + "}"
  }

  package var isEmpty: Bool { pairs.isEmpty }
}

extension Labels: Comparable {
  /// The order of Prometheus: pair by pair, name before value, by bytes; the shorter set first.
  package static func < (left: Labels, right: Labels) -> Bool {
    for (a, b) in zip(left.pairs, right.pairs) {
      if a.name != b.name { return a.name.precedesInBytes(b.name) }
      if a.value != b.value { return a.value.precedesInBytes(b.value) }
    }
    return left.pairs.count < right.pairs.count
  }
}

extension String {
  /// Whether this text comes before `other` when both are compared byte by byte.
  package func precedesInBytes(_ other: String) -> Bool {
    utf8.lexicographicallyPrecedes(other.utf8)
  }

  /// This text in double quotes, escaped as Go's `strconv.Quote` does for text.
  package var quotedAsGo: String {
    var quoted = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7f:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\x" + (digits.utf8.count < 2 ? "0" : "") + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
