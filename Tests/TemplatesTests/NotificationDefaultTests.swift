import Model
import Templates
import Testing

@Suite struct `The named defaults` {
  @Test func `can all be read`() throws {
    for text in NotificationDefaults.texts { _ = try Template(parsing: text, functions: .notification) }
  }

  @Test func `call nothing that nobody defines`() throws {
    for text in NotificationDefaults.texts {
      let template = try Template(parsing: text, functions: .notification)
      let findings = template.analysis(library: .notificationDefaults).findings
      #expect(findings.map(\.message) == [])
    }
  }

  @Test(arguments: [
    "__alertmanager", "__alertmanagerURL", "__subject", "__description", "__text_alert_list",
    "__text_alert_list_markdown", "slack.default.title", "slack.default.titlelink", "slack.default.username",
    "slack.default.fallback", "slack.default.color", "slack.default.callbackid", "slack.default.pretext",
    "slack.default.text", "slack.default.footer", "slack.default.iconemoji", "slack.default.iconurl",
    "email.default.subject", "email.default.html", "pagerduty.default.description", "pagerduty.default.client",
    "pagerduty.default.clientURL", "pagerduty.default.instances", "opsgenie.default.message",
    "opsgenie.default.description", "opsgenie.default.source", "victorops.default.state_message",
    "victorops.default.entity_display_name", "victorops.default.monitoring_tool", "pushover.default.title",
    "pushover.default.message", "pushover.default.url", "sns.default.subject", "sns.default.message",
    "wechat.default.message", "wechat.default.to_user", "wechat.default.to_party", "wechat.default.to_tag",
    "wechat.default.agent_id", "webex.default.message", "telegram.default.message", "discord.default.title",
    "discord.default.message", "discord.default.content", "msteams.default.title", "msteams.default.summary",
    "msteams.default.text", "msteamsv2.default.title", "msteamsv2.default.text", "jira.default.summary",
    "jira.default.description", "jira.default.priority", "rocketchat.default.title", "rocketchat.default.titlelink",
    "rocketchat.default.alias", "rocketchat.default.emoji", "rocketchat.default.iconurl", "rocketchat.default.text",
    "mattermost.default.title", "mattermost.default.titlelink", "mattermost.default.username",
    "mattermost.default.fallback", "mattermost.default.color", "mattermost.default.text",
  ])
  func `have Alertmanager's names`(name: String) {
    #expect(TemplateLibrary.notificationDefaults.contains(name))
  }
}
