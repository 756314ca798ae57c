import Diagnostics
import YAML

/// A channel that is made of one integration of a receiver.
struct ChannelDraft {
  var name: String
  var receiver: String
  /// Where the integration stands; the receiver's name for one without any.
  var range: SourceRange
  /// `webhook`, `email`, …
  var kind: String
  var fields: [SpecField]
  var sendsResolved: Bool
  /// `title`, `text` and `html`.
  var template: [SpecField] = []
  /// What the receiver has that Belfry doesn't; the channel stands in for it.
  var missing: String?

  /// A channel that only prints, in the place of something else.
  static func placeholder(_ name: String, _ receiver: String, at range: SourceRange, for missing: String?) -> Self {
    Self(
      name: name, receiver: receiver, range: range, kind: "console", fields: [], sendsResolved: true, missing: missing)
  }

  func document(place: String) -> SpecDocument {
    var spec = [SpecField(kind, .map(fields)), SpecField("send_resolved", sendsResolved)]
    if !template.isEmpty { spec.append(SpecField("template", .map(template))) }
    spec.append(SpecField("x-receiver", receiver))
    if let missing { spec.append(SpecField("x-missing", missing)) }
    var comments = ["Receiver '\(receiver)', \(place)"]
    if let missing { comments.append("A stand-in that prints to the controller's output: \(missing)") }
    return SpecDocument(kind: "Channel", name: name, comments: comments, spec: spec)
  }
}

/// A mapping of which is known what was carried over, so that the rest can be told.
struct TakenFields {
  let section: Section
  private(set) var taken: Set<String> = []

  init(_ section: Section) {
    self.section = section
  }

  /// The value of a field, which counts as carried over.
  mutating func take(_ name: String) -> YAMLValue? {
    taken.insert(name)
    return section[name].map { YAMLValue(node: $0, place: section.place(of: name)) }
  }

  /// What is written and was not taken.
  var left: [String] {
    section.entries.lazy.map(\.name).filter { !taken.contains($0) && section[$0] != nil && section[$0]?.text != "" }
  }
}
