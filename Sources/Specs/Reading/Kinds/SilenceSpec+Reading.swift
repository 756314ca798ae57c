import Diagnostics
import Model
import YAML

extension SilenceSpec {
  static let fieldNames = [
    "matchers", "starts_at", "ends_at", "duration", "time_interval", "comment", "until_resolved",
  ]

  private static let names: FieldNames = {
    var names = FieldNames("a Silence", fieldNames)
    names.answers = [
      "startsAt": "write 'starts_at'", "endsAt": "write 'ends_at'", "createdBy": "the author comes from git; remove it",
      "created_by": "the author comes from git; remove it", "author": "the author comes from git; remove it",
      "id": "the name identifies it; remove it", "reason": "write 'comment'",
    ]
    return names
  }()

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading) else { return nil }
    let matchers = fields.required("matchers", &reading).map { reading.matchers($0) }
    let comment = fields.required("comment", &reading).flatMap { reading.word($0, "a comment") }
    guard let matchers, let comment else { return nil }
    self.init(matchers: matchers, comment: comment)
    startsAt = fields["starts_at"].flatMap { reading.timestamp($0) }
    endsAt = fields["ends_at"].flatMap { reading.timestamp($0) }
    duration = fields["duration"].flatMap { reading.duration($0, allowsZero: false) }
    timeInterval = fields["time_interval"].flatMap { reading.mention($0, .timeInterval, "the name of a time interval") }
    acknowledges = fields["until_resolved"].flatMap { reading.boolean($0) } ?? false
    checkMatchers(fields, &reading)
    checkAcknowledgement(fields, &reading)
    checkEnd(fields, &reading)
  }

  private func checkMatchers(_ fields: Fields, _ reading: inout Reading) {
    guard let node = fields["matchers"] else { return }
    guard !matchers.isEmpty else {
      reading.error(
        .missingField, "a Silence needs at least one matcher that can be read", at: node.range,
        fix: "add one, such as 'instance=\"web-1\"'")
      return
    }
    if matchers.allSatisfy({ $0.accepts("") }) {
      reading.error(
        .matchesEverything, "every matcher accepts a missing label, so all alerts would be silenced", at: node.range,
        fix: "add a matcher that needs a value, such as 'instance=\"web-1\"'")
    }
  }

  private func checkAcknowledgement(_ fields: Fields, _ reading: inout Reading) {
    guard acknowledges else { return }
    if fields["starts_at"] == nil {
      reading.error(
        .missingField, "a Silence with 'until_resolved' needs 'starts_at'", at: fields.place(of: "until_resolved"),
        fix: "write the time of the acknowledgement: what fires later is told")
    }
    if fields["time_interval"] != nil {
      reading.error(
        .conflictingFields, "'until_resolved' and 'time_interval' exclude each other",
        at: fields.place(of: "until_resolved"), fix: "keep one")
    }
  }

  private func checkEnd(_ fields: Fields, _ reading: inout Reading) {
    switch (fields["ends_at"], fields["duration"]) {
    case (nil, nil):
      let hint = fields["time_interval"] == nil ? "" : "; a time interval says when, not until when"
      reading.error(
        .withoutEnd, "a Silence needs an end" + hint, at: fields.range.firstLineStart,
        fix: "add 'ends_at' with a time, or 'duration'")
    case (_?, _?):
      reading.error(
        .conflictingFields, "'ends_at' and 'duration' exclude each other", at: fields.place(of: "duration"),
        fix: "keep one")
    default: break
    }
    if let startsAt, let endsAt, endsAt <= startsAt {
      reading.error(
        .endBeforeStart, "the silence ends before it starts", at: fields.place(of: "ends_at"),
        fix: "write an end after \(startsAt)")
    }
  }
}

extension InhibitRuleSpec {
  static let fieldNames = ["source_matchers", "target_matchers", "equal"]
  private static let old = ["source_match", "source_match_re", "target_match", "target_match_re"]

  private static let names: FieldNames = {
    var names = FieldNames("an InhibitRule", fieldNames + old)
    names.answers = ["name": "the rule's name is 'metadata.name'"]
    return names
  }()

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading) else { return nil }
    let sources = Self.matchers("source", fields, &reading)
    let targets = Self.matchers("target", fields, &reading)
    let equal = fields["equal"].map { reading.words($0, "label names").map(\.value) } ?? []
    self.init(sourceMatchers: sources, targetMatchers: targets, equal: equal)
  }

  /// The matchers of one side; none at all would mean every alert, which nobody writes on purpose.
  private static func matchers(_ side: String, _ fields: Fields, _ reading: inout Reading) -> [Matcher] {
    let name = side + "_matchers"
    var matchers = fields[name].map { reading.matchers($0) } ?? []
    matchers += reading.oldMatchers(fields, side + "_match", .equal, use: name)
    matchers += reading.oldMatchers(fields, side + "_match_re", .matches, use: name)
    let isGiven = [name, side + "_match", side + "_match_re"].contains { fields[$0] != nil }
    if !isGiven {
      _ = fields.required(name, &reading)
    } else if matchers.isEmpty, fields[name]?.items?.isEmpty ?? false {
      reading.error(
        .matchesEverything, "'\(name)' is empty and would match every alert", at: fields.place(of: name),
        fix: "add a matcher, such as 'severity=\"critical\"'")
    }
    return matchers
  }
}
