import Diagnostics
import Model
import YAML

extension OpsgenieSpec {
  static let fieldNames = [
    "api_key", "api_url", "responders", "tags", "update_alerts", "timeout", "tls_config", "proxy_url", "headers",
  ]

  private static let names: FieldNames = {
    var names = FieldNames("opsgenie", fieldNames)
    let key = "the API key is the credential; write api_key: {secret: <name>}"
    names.answers = [
      "api_key_file": "specs name no files; write api_key: {secret: <name>}",
      "url": "write 'api_url'", "endpoints": "there is one address; write 'api_url' where it isn't the usual one",
      "priority": "it follows from the label 'severity' by the platform's list of severities",
      "teams": "write responders: [{type: team, name: <team>}]",
      "basic_auth": key, "authorization": key, "bearer_token": key, "http_config": "write its fields here",
      "send_resolved": "write it beside 'opsgenie'",
    ]
    return names
  }()

  /// The API takes no more, and none longer.
  private static let mostTags = 20
  private static let longestTag = 50

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading),
      let key = fields.required("api_key", &reading, fix: "add api_key: {secret: <name>}")
        .flatMap({ reading.secret($0, "an API key") })
    else { return nil }
    let url = fields["api_url"].flatMap { reading.addressOrSecret($0) }
    self.init(apiKey: key, url: url ?? .plain(Self.usualAddress))
    pool.http = HTTPSettings(fields, &reading)
    if let timeout = fields["timeout"].flatMap({ reading.duration($0, allowsZero: false) }) { pool.timeout = timeout }
    responders = (fields["responders"].map { reading.items($0, "responders") } ?? []).compactMap {
      Responder($0, &reading)
    }
    tags = fields["tags"].map { Self.tags($0, &reading) } ?? []
    updatesAlerts = fields["update_alerts"].flatMap { reading.boolean($0) } ?? false
  }

  private static func tags(_ node: YAMLNode, _ reading: inout Reading) -> [String] {
    let tags = reading.words(node, "tags")
    if tags.count > mostTags {
      reading.error(.outOfRange, "\(tags.count) tags; an alert has at most \(mostTags)", at: node.range)
    }
    for tag in tags where tag.value.unicodeScalars.count > longestTag {
      reading.error(.outOfRange, "a tag has at most \(longestTag) characters", at: tag.range)
    }
    return tags.map(\.value)
  }
}

extension OpsgenieSpec.Responder {
  private static let names: FieldNames = {
    var names = FieldNames("a responder", ["type", "name", "username", "id"])
    names.answers = ["email": "write 'username'"]
    return names
  }()

  fileprivate init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading) else { return nil }
    let kind = fields.required("type", &reading).flatMap { reading.choice($0, Kind.self, "a type of responder") }
    let given = Key.allCases.filter { fields[$0.rawValue] != nil }
    guard let key = given.first, let value = fields[key.rawValue] else {
      reading.error(
        .missingField, "a responder needs a name", at: fields.range.firstLineStart,
        fix: "add 'name: …', 'username: …' for a user, or 'id: …'")
      return nil
    }
    if given.count > 1, let extra = given.last {
      reading.error(
        .conflictingFields, "'\(key.rawValue)' and '\(extra.rawValue)' name the same responder",
        at: fields.place(of: extra.rawValue), fix: "keep one")
    }
    if key == .username, let kind, kind != .user {
      reading.error(
        .conflictingFields, "only a user has a username", at: fields.place(of: "username"),
        fix: "write 'name', or 'type: user'")
    } else if key == .name, kind == .user {
      reading.error(
        .conflictingFields, "a user is named by 'username' or 'id'", at: fields.place(of: "name"),
        fix: "write username: <mail address>")
    }
    guard let kind, let word = reading.word(value, "a name") else { return nil }
    self.init(kind, key, word)
  }
}
