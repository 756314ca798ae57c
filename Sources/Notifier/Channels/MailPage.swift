import Model

/// The HTML of a mail: a bar in the severity's colour, then each alert with its facts.
struct MailPage {
  private let text: MessageText

  init(_ text: MessageText) {
    self.text = text
  }

  var html: String {
    let message = text.message
    var page = """
      <!doctype html><html><body style="margin:0;font:14px/1.5 sans-serif;color:#1f2328">
      <div style="background:\(colour);color:#fff;padding:12px 16px;font-size:16px"><b>\(text.title.inHTML)</b></div>
      <div style="padding:12px 16px">
      <p style="color:#59636e">\((message.owner.description + " · " + text.reasonText).inHTML)</p>

      """
    let common = message.commonLabels
    if !common.isEmpty { page += "<p>" + chips(common) + "</p>\n" }
    for alert in message.alerts.prefix(text.limit) { page += section(alert) }
    let hidden = message.truncated + max(0, message.alerts.count - text.limit)
    if hidden > 0 { page += "<p>\(hidden) more not shown</p>\n" }
    if !message.externalURL.isEmpty { page += "<p>" + link(message.externalURL) + "</p>\n" }
    return page + "</div></body></html>\n"
  }

  /// Green when all is over, else by the gravest severity.
  private var colour: String {
    guard text.message.status == .firing else { return "#1A7F37" }
    switch text.severity {
    case "critical": return "#CF222E"
    case "warning": return "#BF8700"
    case "info": return "#0969DA"
    default: return "#6E7781"
    }
  }

  private func section(_ alert: Alert) -> String {
    let own = text.ownLabels(of: alert)
    var section = "<hr style=\"border:0;border-top:1px solid #d1d9e0\"><p><b>"
    section += alert.state == .resolved ? "RESOLVED" : "FIRING"
    section += "</b> " + chips(own) + "</p>\n<table>\n"
    for fact in text.facts(of: alert) {
      let value =
        fact.value.hasPrefix("https://") || fact.value.hasPrefix("http://") ? link(fact.value) : fact.value.inHTML
      section += "<tr><td style=\"color:#59636e;padding-right:12px\">\(fact.name.inHTML)</td><td>\(value)</td></tr>\n"
    }
    return section + "</table>\n"
  }

  private func chips(_ labels: Labels) -> String {
    labels.pairs.map { "<code>" + ($0.name + "=" + $0.value).inHTML + "</code>" }.joined(separator: " ")
  }

  private func link(_ url: String) -> String { "<a href=\"\(url.inHTML)\">\(url.inHTML)</a>" }
}

extension String {
  /// This text where HTML may stand, in attributes too.
  fileprivate var inHTML: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
