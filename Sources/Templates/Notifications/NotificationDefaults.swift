/// The definitions that Alertmanager brings and that existing templates call: `slack.default.title`, `__subject`, …
///
/// The names are Alertmanager's and so is what each one tells; the texts are Belfry's own. Names that begin with
/// `__belfry_` are parts of these and no promise.
extension TemplateLibrary {
  /// Read once, when it is first needed.
  package static let notificationDefaults: TemplateLibrary = {
    var library = TemplateLibrary()
    for text in NotificationDefaults.texts {
      // A text of ours that can't be read fails a test; here it defines nothing.
      guard let template = try? Template(parsing: text, functions: .notification) else { continue }
      library.add(template)
    }
    return library
  }()
}

/// The texts, group by group.
package enum NotificationDefaults {
  package static let texts = [shared, plain, chats, tickets, cards, mail]

  /// What the others are made of.
  private static let shared = #"""
    {{ define "__alertmanager" }}Alertmanager{{ end }}
    {{ define "__alertmanagerURL" }}{{ with .ExternalURL }}{{ . }}/#/alerts?receiver={{ $.Receiver | urlquery }}{{ end }}{{ end }}
    {{ define "__description" }}{{ end }}

    {{ define "__subject" -}}
    [{{ toUpper .Status }}{{ with .Alerts.Firing }}:{{ len . }}{{ end }}] {{ join " " .GroupLabels.Values }} {{ with .CommonLabels.Remove .GroupLabels.Names }}({{ join " " .Values }}){{ end }}
    {{- end }}

    {{ define "__belfry_pairs" }}{{ range .SortedPairs }} - {{ .Name }} = {{ .Value }}{{ "\n" }}{{ end }}{{ end }}

    {{ define "__text_alert_list" -}}
    {{ range . -}}
    Labels:
    {{ template "__belfry_pairs" .Labels -}}
    Annotations:
    {{ template "__belfry_pairs" .Annotations -}}
    Source: {{ .GeneratorURL }}
    {{ end -}}
    {{ end }}

    {{ define "__belfry_pairs_markdown" }}{{ range .SortedPairs }}  - {{ .Name }} = {{ .Value }}{{ "\n" }}{{ end }}{{ end }}

    {{ define "__text_alert_list_markdown" -}}
    {{ range . }}
    Labels:
    {{ template "__belfry_pairs_markdown" .Labels }}
    Annotations:
    {{ template "__belfry_pairs_markdown" .Annotations }}
    Source: {{ .GeneratorURL }}
    {{ end -}}
    {{ end }}

    {{ define "__belfry_lists" -}}
    {{ with .Alerts.Firing -}}
    Alerts Firing:
    {{ template "__text_alert_list" . }}
    {{- end -}}
    {{ with .Alerts.Resolved -}}
    Alerts Resolved:
    {{ template "__text_alert_list" . }}
    {{- end -}}
    {{ end }}

    {{ define "__belfry_lists_markdown" -}}
    {{ with .Alerts.Firing -}}
    # Alerts Firing:
    {{ template "__text_alert_list_markdown" . }}
    {{- end -}}
    {{ with .Alerts.Resolved -}}
    # Alerts Resolved:
    {{ template "__text_alert_list_markdown" . }}
    {{- end -}}
    {{ end }}

    {{ define "__belfry_details" -}}
    {{ with .CommonAnnotations }}{{ join " " .Values }}{{ "\n" }}{{ end }}{{ template "__belfry_lists" . }}
    {{- end }}

    {{ define "__belfry_colour" }}{{ if eq .Status "firing" }}danger{{ else }}good{{ end }}{{ end }}
    {{ define "__belfry_linked_subject" }}{{ template "__subject" . }} | {{ template "__alertmanagerURL" . }}{{ end }}
    """#

  /// Services that call people: plain text.
  private static let plain = #"""
    {{ define "pagerduty.default.description" }}{{ template "__subject" . }}{{ end }}
    {{ define "pagerduty.default.client" }}{{ template "__alertmanager" . }}{{ end }}
    {{ define "pagerduty.default.clientURL" }}{{ template "__alertmanagerURL" . }}{{ end }}
    {{ define "pagerduty.default.instances" }}{{ template "__text_alert_list" . }}{{ end }}

    {{ define "opsgenie.default.message" }}{{ template "__subject" . }}{{ end }}
    {{ define "opsgenie.default.description" }}{{ template "__belfry_details" . }}{{ end }}
    {{ define "opsgenie.default.source" }}{{ template "__alertmanagerURL" . }}{{ end }}

    {{ define "victorops.default.state_message" }}{{ template "__belfry_details" . }}{{ end }}
    {{ define "victorops.default.entity_display_name" }}{{ template "__subject" . }}{{ end }}
    {{ define "victorops.default.monitoring_tool" }}{{ template "__alertmanager" . }}{{ end }}

    {{ define "pushover.default.title" }}{{ template "__subject" . }}{{ end }}
    {{ define "pushover.default.message" }}{{ template "__belfry_details" . }}{{ end }}
    {{ define "pushover.default.url" }}{{ template "__alertmanagerURL" . }}{{ end }}

    {{ define "sns.default.subject" }}{{ template "__subject" . }}{{ end }}
    {{ define "sns.default.message" }}{{ template "__belfry_details" . }}{{ end }}
    """#

  /// Chats whose messages are one text.
  private static let chats = #"""
    {{ define "wechat.default.message" -}}
    {{ template "__subject" . }}
    {{ template "__belfry_details" . }}{{ template "__alertmanagerURL" . }}
    {{- end }}
    {{ define "wechat.default.to_user" }}{{ end }}
    {{ define "wechat.default.to_party" }}{{ end }}
    {{ define "wechat.default.to_tag" }}{{ end }}
    {{ define "wechat.default.agent_id" }}{{ end }}

    {{ define "webex.default.message" }}{{ template "__belfry_details" . }}{{ end }}
    {{ define "telegram.default.message" }}{{ template "__belfry_lists" . }}{{ end }}

    {{ define "discord.default.content" }}{{ end }}
    {{ define "discord.default.title" }}{{ template "__subject" . }}{{ end }}
    {{ define "discord.default.message" }}{{ template "__belfry_lists" . }}{{ end }}
    """#

  /// Tickets; the functions are those of newer Alertmanagers.
  private static let tickets = #"""
    {{ define "jira.default.summary" }}{{ template "__subject" . }}{{ end }}
    {{ define "jira.default.description" }}{{ template "__belfry_lists_markdown" . }}{{ end }}
    {{ define "jira.default.priority" -}}
    {{ $alerts := .Alerts.Firing }}{{ if not $alerts }}{{ $alerts = .Alerts.Resolved }}{{ end -}}
    {{ $severities := list }}{{ range $alerts }}{{ $severities = append $severities .Labels.severity }}{{ end -}}
    {{ $rank := 0 }}{{ $priority := "" -}}
    {{ range $severities -}}
    {{ if eq . "critical" }}{{ $rank = 3 }}{{ $priority = "High" -}}
    {{ else if and (eq . "warning") (lt $rank 2) }}{{ $rank = 2 }}{{ $priority = "Medium" -}}
    {{ else if and (eq . "info") (lt $rank 1) }}{{ $rank = 1 }}{{ $priority = "Low" }}{{ end -}}
    {{ end }}{{ $priority }}
    {{- end }}
    """#

  /// Chats whose messages are cards.
  private static let cards = #"""
    {{ define "slack.default.title" }}{{ template "__subject" . }}{{ end }}
    {{ define "slack.default.titlelink" }}{{ template "__alertmanagerURL" . }}{{ end }}
    {{ define "slack.default.username" }}{{ template "__alertmanager" . }}{{ end }}
    {{ define "slack.default.fallback" }}{{ template "__belfry_linked_subject" . }}{{ end }}
    {{ define "slack.default.color" }}{{ template "__belfry_colour" . }}{{ end }}
    {{ define "slack.default.callbackid" }}{{ end }}
    {{ define "slack.default.pretext" }}{{ end }}
    {{ define "slack.default.text" }}{{ end }}
    {{ define "slack.default.footer" }}{{ end }}
    {{ define "slack.default.iconemoji" }}{{ end }}
    {{ define "slack.default.iconurl" }}{{ end }}

    {{ define "mattermost.default.title" }}{{ template "__subject" . }}{{ end }}
    {{ define "mattermost.default.titlelink" }}{{ template "__alertmanagerURL" . }}{{ end }}
    {{ define "mattermost.default.username" }}{{ template "__alertmanager" . }}{{ end }}
    {{ define "mattermost.default.fallback" }}{{ template "__belfry_linked_subject" . }}{{ end }}
    {{ define "mattermost.default.color" }}{{ template "__belfry_colour" . }}{{ end }}
    {{ define "mattermost.default.text" }}{{ template "__belfry_lists_markdown" . }}{{ end }}
    {{ define "mattermost.default.pretext" }}{{ end }}
    {{ define "mattermost.default.footer" }}{{ end }}
    {{ define "mattermost.default.callbackid" }}{{ end }}
    {{ define "mattermost.default.iconemoji" }}{{ end }}
    {{ define "mattermost.default.iconurl" }}{{ end }}

    {{ define "rocketchat.default.title" }}{{ template "__subject" . }}{{ end }}
    {{ define "rocketchat.default.titlelink" }}{{ template "__alertmanagerURL" . }}{{ end }}
    {{ define "rocketchat.default.alias" }}{{ template "__alertmanager" . }}{{ end }}
    {{ define "rocketchat.default.text" }}{{ end }}
    {{ define "rocketchat.default.emoji" }}{{ end }}
    {{ define "rocketchat.default.iconurl" }}{{ end }}

    {{ define "msteams.default.title" }}{{ template "__subject" . }}{{ end }}
    {{ define "msteams.default.summary" }}{{ template "__subject" . }}{{ end }}
    {{ define "msteams.default.text" }}{{ template "__belfry_lists_markdown" . }}{{ end }}
    {{ define "msteamsv2.default.title" }}{{ template "__subject" . }}{{ end }}
    {{ define "msteamsv2.default.text" }}{{ template "__belfry_lists_markdown" . }}{{ end }}
    """#

  /// Mail.
  private static let mail = #"""
    {{ define "email.default.subject" }}{{ template "__subject" . }}{{ end }}

    {{ define "__belfry_mail_pairs" }}{{ range .SortedPairs }}{{ .Name }} = {{ .Value }}<br>{{ "\n" }}{{ end }}{{ end }}

    {{ define "__belfry_mail_alerts" -}}
    {{ range . }}
    <tr><td style="padding:12px 16px;border-top:1px solid #d0d7de">
    <b>Labels</b><br>
    {{ template "__belfry_mail_pairs" .Labels -}}
    {{ with .Annotations }}<b>Annotations</b><br>
    {{ template "__belfry_mail_pairs" . }}{{ end -}}
    {{ with .GeneratorURL }}<a href="{{ . }}">Source</a><br>{{ end }}
    </td></tr>
    {{- end }}
    {{- end }}

    {{ define "email.default.html" -}}
    <!doctype html>
    <html><head><meta charset="utf-8"><title>{{ template "__subject" . }}</title></head>
    <body style="margin:0;background:#f6f8fa;font:14px/1.5 sans-serif;color:#1f2328">
    <table width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
    <table width="600" cellpadding="0" cellspacing="0" style="background:#ffffff">
    <tr><td style="padding:12px 16px;color:#ffffff;background:{{ if eq .Status "firing" }}#cf222e{{ else }}#1a7f37{{ end }}">
    <b>{{ len .Alerts }} alert{{ if ne (len .Alerts) 1 }}s{{ end }} for {{ range .GroupLabels.SortedPairs }}{{ .Name }}={{ .Value }} {{ end }}</b>
    </td></tr>
    {{ with .ExternalURL }}<tr><td style="padding:12px 16px">
    <a href="{{ template "__alertmanagerURL" $ }}">View in {{ template "__alertmanager" $ }}</a>
    </td></tr>{{ end }}
    {{- with .Alerts.Firing }}
    <tr><td style="padding:12px 16px"><b>[{{ len . }}] Firing</b></td></tr>
    {{- template "__belfry_mail_alerts" . }}
    {{- end }}
    {{- with .Alerts.Resolved }}
    <tr><td style="padding:12px 16px"><b>[{{ len . }}] Resolved</b></td></tr>
    {{- template "__belfry_mail_alerts" . }}
    {{- end }}
    </table>
    </td></tr></table>
    </body></html>
    {{ end }}
    """#
}
