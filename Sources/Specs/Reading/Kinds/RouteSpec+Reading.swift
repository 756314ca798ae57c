import Diagnostics
import Model
import YAML

extension RouteSpec {
  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, RouteNode.rootNames, &reading) else { return nil }
    let root = RouteNode(fields, depth: 1, &reading)
    self.init(root: root)
    always = fields["always"].flatMap { reading.boolean($0) } ?? false
    if always, reading.scope != .platform {
      reading.error(
        .kindOutOfScope, "only a Route of the platform can take every alert", at: fields.place(of: "always"),
        fix: "remove 'always', or move the Route to platform/")
    }
    checkRoot(fields, &reading)
  }

  private func checkRoot(_ fields: Fields, _ reading: inout Reading) {
    if !["channel", "channels", "receiver", "receivers"].contains(where: fields.isWritten) {
      reading.error(
        .missingField, "a Route needs 'channel' or 'channels'", at: fields.range.firstLineStart,
        fix: "name the channel for alerts that no child route takes")
    }
    for name in ["matchers", "match", "match_re", "mute_time_intervals", "active_time_intervals"]
    where fields[name] != nil {
      reading.error(
        .conflictingFields, "the root of a route tree takes every alert and has no '\(name)'",
        at: fields.place(of: name),
        fix: "move it to a child under 'routes'")
    }
    if fields["continue"] != nil {
      reading.warning(
        .noEffect, "'continue' has no effect at the root of a route tree", at: fields.place(of: "continue"),
        fix: "remove it")
    }
  }
}

extension RouteNode {
  static let fieldNames = [
    "channel", "channels", "matchers", "match", "match_re", "group_by", "group_wait", "group_interval",
    "repeat_interval", "continue", "mute_time_intervals", "active_time_intervals", "mentions", "routes",
  ]

  private static let answers = [
    "receiver": "write 'channel' with the name of a Channel",
    "receivers": "write 'channels' with the names of Channels",
  ]
  fileprivate static let rootNames: FieldNames = {
    var names = FieldNames("a Route", fieldNames + ["always"])
    names.answers = answers
    names.later = ["labels"]
    return names
  }()
  private static let childNames: FieldNames = {
    var names = FieldNames("a route", fieldNames)
    names.answers = answers
    names.answers["always"] = "only the root of a route tree can have it"
    names.later = ["labels"]
    return names
  }()

  fileprivate init(_ fields: Fields, depth: Int, _ reading: inout Reading) {
    self.init()
    channels = Self.channels(fields, &reading)
    matchers = fields["matchers"].map { reading.matchers($0) } ?? []
    matchers += reading.oldMatchers(fields, "match", .equal, use: "matchers")
    matchers += reading.oldMatchers(fields, "match_re", .matches, use: "matchers")
    groupBy = fields["group_by"].flatMap { GroupBy($0, &reading) }
    groupWait = fields["group_wait"].flatMap { reading.duration($0) }
    groupInterval = fields["group_interval"].flatMap { reading.duration($0, allowsZero: false) }
    repeatInterval = fields["repeat_interval"].flatMap { reading.duration($0, allowsZero: false) }
    continues = fields["continue"].flatMap { reading.boolean($0) } ?? false
    muteTimeIntervals =
      fields["mute_time_intervals"].map { reading.mentions($0, .timeInterval, "time intervals") } ?? []
    activeTimeIntervals =
      fields["active_time_intervals"].map { reading.mentions($0, .timeInterval, "time intervals") } ?? []
    mentions = fields["mentions"].map { reading.words($0, "people to mention").map(\.value) } ?? []
    routes = Self.children(fields, depth: depth, &reading)
  }

  private static func channels(_ fields: Fields, _ reading: inout Reading) -> [String] {
    let one = fields["channel"].flatMap { reading.mention($0, .channel, "the name of a channel") }
    let many = fields["channels"].map { reading.mentions($0, .channel, "channels") } ?? []
    if fields["channel"] != nil, fields["channels"] != nil {
      reading.error(
        .conflictingFields, "'channel' and 'channels' exclude each other", at: fields.place(of: "channel"),
        fix: "list all of them in 'channels'")
    }
    return one.map { [$0] } ?? many
  }

  private static func children(_ fields: Fields, depth: Int, _ reading: inout Reading) -> [RouteNode] {
    guard let node = fields["routes"] else { return [] }
    guard depth < reading.options.limits.routeDepth else {
      reading.error(
        .limitExceeded, "routes nest deeper than \(reading.options.limits.routeDepth)", at: fields.place(of: "routes"),
        fix: "flatten the tree")
      return []
    }
    return reading.items(node, "routes").compactMap { item in
      Fields(item, childNames, &reading).map { RouteNode($0, depth: depth + 1, &reading) }
    }
  }
}

extension RouteNode.GroupBy {
  fileprivate init?(_ node: YAMLNode, _ reading: inout Reading) {
    let names = reading.words(node, "label names")
    guard let dots = names.first(where: { $0.value == "..." }) else {
      self = .labels(names.map(\.value))
      return
    }
    if names.count > 1 {
      reading.error(
        .conflictingFields, "'...' stands for every label and can't stand beside others", at: dots.range,
        fix: "write group_by: ['...'], or the other names alone")
    }
    self = .all
  }
}
