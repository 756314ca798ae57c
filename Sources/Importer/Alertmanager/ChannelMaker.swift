import Diagnostics
import Model
import YAML

/// Makes channels of a receiver's integrations, with the global defaults filled in.
struct ChannelMaker {
  var reader: ConfigReader
  var global: TakenFields
  var secrets = SecretBook()
  var names = NameBook()
  /// Rooms that incoming webhooks of Slack were to post in, by address: a webhook has one room.
  private var rooms: [String: String] = [:]

  init(_ reader: ConfigReader, _ global: Section) {
    self.reader = reader
    self.global = TakenFields(global)
  }

  /// The channels of a receiver, at least one.
  mutating func channels(of receiver: AlertmanagerConfig.Receiver) -> [ChannelDraft] {
    guard let first = receiver.integrations.first else {
      reader.warning(
        .worksOtherwise, "the receiver '\(receiver.name.shortened)' sends nothing; its channel prints to the console",
        at: receiver.range, fix: "leave it so, or give the channel a destination")
      return [
        .placeholder(names.name(for: receiver.name, else: "receiver"), receiver.name, at: receiver.range, for: nil)
      ]
    }
    if receiver.integrations.count == 1 {
      return [channel(of: first, receiver, names.name(for: receiver.name, else: "receiver"))]
    }
    return receiver.integrations.map { integration in
      let name = names.name(for: receiver.name + "-" + integration.kind.rawValue, else: integration.kind.rawValue)
      return channel(of: integration, receiver, name)
    }
  }

  /// Only checks an integration's mandatory fields and sums up what is lost, for kinds that Belfry doesn't have.
  private mutating func channel(
    of integration: AlertmanagerConfig.Integration, _ receiver: AlertmanagerConfig.Receiver, _ name: String
  ) -> ChannelDraft {
    let range = integration.section.range.startOnly
    var work = IntegrationWork(kind: integration.kind, channel: name, fields: TakenFields(integration.section))
    let sendsResolved = reader.boolean(work.fields.take("send_resolved")?.node) ?? integration.kind.sendsResolved
    let destination = integration.kind.hasChannel ? destination(&work) : missingKind(&work)
    guard let destination, work.missing == nil else {
      let why = work.missing ?? "it has no address"
      reader.error(
        .noSuchChannel,
        "the \(integration.kind.rawValue) of the receiver '\(receiver.name.shortened)' is not carried over: \(why)",
        at: range, fix: "give the channel '\(name)' a destination; until then it prints to the console")
      return .placeholder(name, receiver.name, at: range, for: "\(integration.kind.rawValue): \(why)")
    }
    tellLeft(work, of: "the \(integration.kind.rawValue) of '\(receiver.name.shortened)'", at: range)
    return ChannelDraft(
      name: name, receiver: receiver.name, range: range, kind: destination.kind, fields: destination.fields,
      sendsResolved: sendsResolved, template: work.template)
  }

  private mutating func tellLeft(_ work: IntegrationWork, of what: String, at range: SourceRange) {
    let left = work.fields.left
    guard !left.isEmpty else { return }
    reader.warning(
      .notCarried, "\(what): \(left.map { "'\($0)'" }.joined(separator: ", ")) not carried over", at: range,
      fix: "where the look matters, write 'template' in the channel '\(work.channel)'")
  }

  private mutating func destination(_ work: inout IntegrationWork) -> (kind: String, fields: [SpecField])? {
    switch work.kind {
    case .webhook: webhook(&work).map { ("webhook", $0) }
    case .email: email(&work).map { ("email", $0) }
    case .slack: slack(&work).map { ("slack", $0) }
    case .pagerduty: pagerduty(&work).map { ("pagerduty", $0) }
    case .opsgenie: opsgenie(&work).map { ("opsgenie", $0) }
    case .telegram: telegram(&work).map { ("telegram", $0) }
    case .discord: discord(&work).map { ("discord", $0) }
    case .msteams, .msteamsv2: teams(&work).map { ("teams", $0) }
    case .mattermost: mattermost(&work).map { ("mattermost", $0) }
    default: nil
    }
  }

  /// Which room an incoming webhook was to post in before; `nil` for the first.
  mutating func otherRoom(of url: String, _ room: String) -> String? {
    let known = rooms[url]
    if known == nil { rooms[url] = room }
    return known == room ? nil : known
  }
}

/// One integration while its channel is made.
struct IntegrationWork {
  let kind: IntegrationKind
  let channel: String
  var fields: TakenFields
  var template: [SpecField] = []
  /// Why there can't be a channel.
  var missing: String?
}

// MARK: - Values

extension ChannelMaker {
  /// A secret's name, from a field, or the same with `_file`, or their global defaults; an error where there is none.
  mutating func secret(
    _ work: inout IntegrationWork, _ name: String, global globalName: String?, word: String, required: Bool = true
  ) -> (name: String, value: String?)? {
    reader.checkFiles(work.fields.section, [name])
    let own = work.fields.take(name)
    let ownFile = work.fields.take(name + "_file")
    if let found = secret(own, ownFile, name, owner: work.channel, word: word) { return found }
    if let globalName {
      let value = global.take(globalName)
      let file = global.take(globalName + "_file")
      let owner = String(globalName.prefix { $0 != "_" })
      if let found = secret(value, file, globalName, owner: owner, word: word) { return found }
    }
    guard required else { return nil }
    let others = globalName.map { ", and 'global' no '\($0)'" } ?? ""
    reader.error(
      "missing-field", "the \(work.kind.rawValue) has no '\(name)'" + others,
      at: work.fields.section.place(of: name), fix: "add '\(name)' or '\(name)_file'")
    return nil
  }

  private mutating func secret(
    _ value: YAMLValue?, _ file: YAMLValue?, _ field: String, owner: String, word: String
  ) -> (name: String, value: String?)? {
    if let value, let text = value.text {
      let name = secrets.name(
        .value(text), word, of: owner, what: "the value of '\(field)'", place: reader.place(value.place))
      return (name, text)
    }
    if let file, let path = file.text {
      let name = secrets.name(
        .file(path), word, of: owner, what: "the content of the file", place: reader.place(file.place))
      return (name, nil)
    }
    return nil
  }

  /// Adds a template of the integration's, which `parts` of a Belfry channel takes; its usual default is left out.
  mutating func template(_ work: inout IntegrationWork, _ field: String, as part: String) {
    guard let text = work.fields.take(field)?.text else { return }
    let kind = work.kind.rawValue
    guard text != "{{ template \"\(kind).default.\(field)\" . }}" else { return }
    work.template.append(SpecField(part, text))
  }

  /// A text that has to stand as it is; a template in it is left out and told.
  mutating func plain(_ work: inout IntegrationWork, _ field: String) -> String? {
    guard let value = work.fields.take(field), let text = value.text else { return nil }
    guard !text.isTemplate else {
      reader.warning(
        .notCarried, "'\(field)' is a template, and a text in Belfry; it is left out", at: value.place)
      return nil
    }
    return text
  }
}
