import Model
import Notifier
import Specs
import Templates
import Testing

/// A template of notifications, read.
func notificationTemplate(_ text: String) throws -> Template { try Template(parsing: text, functions: .notification) }

/// What a template makes of a message, or why it doesn't.
func expansion(
  _ text: String, of message: Message, style: MessageStyle = MessageStyle()
) throws -> Result<String, MessageTemplateError> {
  let template = try notificationTemplate(text)
  do throws(MessageTemplateError) {
    return .success(try style.expanded(template, of: Post([message]), named: "text"))
  } catch {
    return .failure(error)
  }
}

/// A style whose channel has these templates.
func style(title: String? = nil, text: String? = nil, html: String? = nil) -> MessageStyle {
  var templates = MessageTemplates()
  templates.title = title
  templates.text = text
  templates.html = html
  return MessageStyle(templates: CompiledTemplates(templates))
}

/// One that fires and one that has resolved, of one rule.
let twoAlerts = message(
  [
    highCPU,
    alert(
      ["alertname": "HighCPU", "instance": "b:9100", "job": "node", "severity": "critical"], value: 2,
      annotations: [Label("summary", "CPU & <b>memory</b>")], rule: "HighCPU"
    ).resolved(at: at(90)),
  ], reason: .newAlerts)
