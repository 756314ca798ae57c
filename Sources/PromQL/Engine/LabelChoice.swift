import Model

/// Some of the labels of each series: those by which an aggregation groups or an operator matches.
struct LabelChoice: Sendable {
  /// Whether ``names`` are those that stay, and not those that go.
  let keeps: Bool
  /// Sorted by their bytes, each once.
  let names: [String]

  /// The labels of those names, or all but those and the name.
  init(keeping: Bool, _ names: [String]) {
    keeps = keeping
    self.names = Set(keeping ? names : names + [.nameLabel]).sorted { $0.precedesInBytes($1) }
  }

  /// All labels but those, the name among them.
  init(leavingOut names: [String]) {
    keeps = false
    self.names = names
  }

  /// The labels that this chooses.
  func chosen(from labels: Labels) -> Labels {
    keeps ? labels.only(names) : labels.without(names)
  }

  /// Appends what tells two choices apart.
  func appendKey(of labels: Labels, to key: inout [UInt8]) {
    if keeps {
      for name in names {
        key.append(contentsOf: labels[name].utf8)
        key.append(0xff)
      }
    } else {
      for pair in labels.pairs where !names.contains(pair.name) {
        key.append(contentsOf: pair.name.utf8)
        key.append(0xff)
        key.append(contentsOf: pair.value.utf8)
        key.append(0xff)
      }
    }
  }
}

/// Numbers label sets by what a choice takes of them: the same number for the same labels, from 0.
struct LabelNumbers {
  private let choice: LabelChoice
  private var numbers: [[UInt8]: Int] = [:]
  private var key: [UInt8] = []

  init(_ choice: LabelChoice) {
    self.choice = choice
  }

  var count: Int { numbers.count }

  mutating func number(_ labels: Labels) -> Int {
    key.removeAll(keepingCapacity: true)
    choice.appendKey(of: labels, to: &key)
    if let number = numbers[key] { return number }
    let number = numbers.count
    numbers[key] = number
    return number
  }
}

extension String {
  static var nameLabel: String { "__name__" }

  /// The labels that belong to a metric's name and go with it (Prometheus `schema.IsMetadataLabel`).
  fileprivate var isMetadata: Bool { self == "__name__" || self == "__type__" || self == "__unit__" }
}

extension Labels {
  /// These labels but those of `names`.
  func without(_ names: [String]) -> Labels {
    guard pairs.contains(where: { names.contains($0.name) }) else { return self }
    return Labels(adopting: pairs.filter { !names.contains($0.name) }) ?? .empty
  }

  /// These labels without the name, and without the type and unit that Prometheus keeps beside it.
  var withoutMetadata: Labels {
    guard pairs.contains(where: { $0.name.hasPrefix("__") && $0.name.isMetadata }) else { return self }
    return Labels(adopting: pairs.filter { !$0.name.isMetadata }) ?? .empty
  }

  /// Whether there is a type or a unit.
  var hasTypeOrUnit: Bool { contains("__type__") || contains("__unit__") }

  /// As Prometheus prints them: `{a="b", "c.d"="e"}`.
  var prometheusText: String {
    let texts = pairs.map { ($0.name.isPlainLabelName ? $0.name : $0.name.quotedAsGo) + "=" + $0.value.quotedAsGo }
    return "{" + texts.joined(separator: ", ") + "}"
  }

  /// A hash of the bytes, the same in all runs.
  var contentHash: UInt64 {
    var hash = FNV1a()
    for pair in pairs {
      hash.combine(pair.name)
      hash.combine(byte: 0xff)
      hash.combine(pair.value)
      hash.combine(byte: 0xff)
    }
    return hash.value
  }
}

extension String {
  /// Whether a label of this name is written without quotes.
  private var startsLikeName: Bool { utf8.first.map { !(0x30...0x39).contains($0) } ?? false }

  fileprivate var isPlainLabelName: Bool {
    startsLikeName
      && utf8.allSatisfy {
        (0x61...0x7a).contains($0) || (0x41...0x5a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f
      }
  }
}
