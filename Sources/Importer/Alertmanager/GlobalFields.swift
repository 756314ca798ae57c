import Diagnostics
import YAML

/// The fields of `global`, and which of them exclude each other.
enum GlobalFields {
  static let names: [String] =
    ["resolve_timeout", "http_config"]
    + [
      "smtp_from", "smtp_hello", "smtp_smarthost", "smtp_auth_username", "smtp_auth_password",
      "smtp_auth_password_file", "smtp_auth_secret", "smtp_auth_secret_file", "smtp_auth_identity", "smtp_require_tls",
      "smtp_tls_config", "smtp_force_implicit_tls",
    ]
    + [
      "slack_api_url", "slack_api_url_file", "slack_app_token", "slack_app_token_file", "slack_app_url",
      "pagerduty_url", "opsgenie_api_url", "opsgenie_api_key", "opsgenie_api_key_file", "wechat_api_url",
      "wechat_api_secret", "wechat_api_secret_file", "wechat_api_corp_id", "victorops_api_url", "victorops_api_key",
      "victorops_api_key_file", "telegram_api_url", "telegram_bot_token", "telegram_bot_token_file", "webex_api_url",
      "rocketchat_api_url", "rocketchat_token", "rocketchat_token_file", "rocketchat_token_id",
      "rocketchat_token_id_file", "jira_api_url", "mattermost_webhook_url", "mattermost_webhook_url_file",
    ]

  static func check(_ global: Section, _ reader: inout ConfigReader) {
    reader.checkFiles(global, names)
    let hasToken = global["slack_app_token"] != nil || global["slack_app_token_file"] != nil
    let url = global["slack_api_url"]?.text
    if hasToken, url.map({ !$0.isSlackMethod }) ?? (global["slack_api_url_file"] != nil) {
      reader.error(
        "conflicting-fields", "'slack_app_token' and 'slack_api_url' exclude each other",
        at: global.place(of: "slack_api_url"), fix: "keep one")
    }
    _ = reader.duration(global["resolve_timeout"])
  }
}

extension ConfigReader {
  /// A field and the same with `_file` exclude each other.
  mutating func checkFiles(_ section: Section, _ names: [String]) {
    for name in names where section[name] != nil && section[name + "_file"] != nil {
      guard section[name]?.text != "" else { continue }
      error(
        "conflicting-fields", "'\(name)' and '\(name)_file' exclude each other", at: section.place(of: name + "_file"),
        fix: "keep one")
    }
  }
}

extension String {
  /// Whether it is Slack's Web API and no incoming webhook.
  var isSlackMethod: Bool { hasSuffix("/api/chat.postMessage") }
}
