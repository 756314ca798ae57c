import Diagnostics
import Model
import YAML

extension MattermostSpec {
  static let fieldNames = EndpointPool.unsignedFieldNames + ["channel", "username", "icon_url", "priority"]

  private static let names: FieldNames = {
    var names = FieldNames("mattermost", fieldNames)
    names.answers = EndpointPool.chatAnswers("mattermost")
    names.answers["api_url"] = "write url: {secret: <name>}"
    names.answers["color"] = "remove it: the colour follows the severity"
    names.answers["icon_emoji"] = "write 'icon_url'"
    for name in ["pretext", "fallback", "attachments", "fields", "props"] {
      names.answers[name] = "write template: {text: …} beside 'mattermost'"
    }
    return names
  }()

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading),
      let pool = EndpointPool(unsigned: fields, &reading, addressIsSecret: true)
    else { return nil }
    self.init(pool: pool)
    channel = fields["channel"].flatMap { reading.line($0, "a channel", limit: 64) }
    username = fields["username"].flatMap { reading.line($0, "a user name", limit: 64) }
    iconURL = fields["icon_url"].flatMap { reading.plainAddress($0) }
    priority = fields["priority"].flatMap { reading.boolean($0) } ?? false
  }
}
