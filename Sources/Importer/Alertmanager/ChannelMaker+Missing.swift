import YAML

extension ChannelMaker {
  /// What kinds that Belfry doesn't have need at least, as Alertmanager checks it; and the secrets among their fields
  /// are never shown.
  mutating func missingKind(_ work: inout IntegrationWork) -> (kind: String, fields: [SpecField])? {
    let section = work.fields.section
    switch work.kind {
    case .victorops:
      require(work, ["api_key", "api_key_file"], or: ["victorops_api_key", "victorops_api_key_file"])
      require(work, ["routing_key"])
    case .rocketchat:
      require(work, ["token", "token_file"], or: ["rocketchat_token", "rocketchat_token_file"])
      require(work, ["token_id", "token_id_file"], or: ["rocketchat_token_id", "rocketchat_token_id_file"])
    case .wechat:
      require(work, ["api_secret", "api_secret_file"], or: ["wechat_api_secret", "wechat_api_secret_file"])
      require(work, ["corp_id"], or: ["wechat_api_corp_id"])
    case .pushover:
      require(work, ["user_key", "user_key_file"])
      require(work, ["token", "token_file"])
    case .sns: require(work, ["topic_arn", "phone_number", "target_arn"])
    case .jira:
      require(work, ["project"])
      require(work, ["issue_type"])
    default: break
    }
    reader.checkFiles(section, ["api_key", "token", "token_id", "api_secret", "user_key", "url", "alert_source_token"])
    work.missing = "Belfry has no channel of the kind '\(work.kind.rawValue)'"
    return nil
  }

  private mutating func require(_ work: IntegrationWork, _ names: [String], or globals: [String] = []) {
    let isGiven = names.contains { work.fields.section[$0]?.text.map { !$0.isEmpty } ?? false }
    let isGlobal = globals.contains { global.section[$0]?.text.map { !$0.isEmpty } ?? false }
    guard !isGiven, !isGlobal, let name = names.first else { return }
    let others = globals.first.map { ", and 'global' no '\($0)'" } ?? ""
    reader.error(
      "missing-field", "the \(work.kind.rawValue) has no '\(name)'" + others,
      at: work.fields.section.place(of: name))
  }
}
