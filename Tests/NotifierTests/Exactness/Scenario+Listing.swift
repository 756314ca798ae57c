import Model

extension Scenario {
  /// The scenario for people: what happens, and what is told.
  func listing(_ belfry: [Told]) -> String {
    var text = "## " + name.prefix(1).uppercased() + name.dropFirst() + "\n\n"
    text += "```yaml\n" + setup.alertmanagerFile { "http://hooks/" + $0 } + "```\n\n"
    for event in script { text += "- " + secondsText(event.at) + ": " + words(of: event.step) + "\n" }
    text += "\n"
    if let difference {
      text += "Belfry:\n\n" + table(belfry) + "\nAlertmanager:\n\n" + table(difference.sequence)
      text += "\n" + difference.why + "\n"
    } else {
      text += table(belfry)
    }
    return text
  }

  private func table(_ messages: [Told]) -> String {
    guard !messages.isEmpty else { return "Nothing is sent.\n" }
    var text = "| at | to | group | message |\n|---|---|---|---|\n"
    for message in messages {
      text += "| \(secondsText(message.at)) | \(message.hook) | `\(message.group)` | \(message.words) |\n"
    }
    return text
  }

  private func words(of step: Step) -> String {
    func list(_ names: [String]) -> String {
      names.map { "\($0) `\(labels(of: $0).description)`" }.joined(separator: ", ")
    }
    switch step {
    case .fire(let names, let note, let since):
      let age = since.map { ", since " + secondsText(-$0) + " before the start" } ?? ""
      return list(names) + (names.count == 1 ? " fires" : " fire") + (note.isEmpty ? "" : ", note: \"\(note)\"") + age
    case .resolve(let names):
      return names.joined(separator: ", ") + (names.count == 1 ? " resolves" : " resolve")
    case .remind(let names): return "Prometheus says again that " + names.joined(separator: ", ") + " has resolved"
    case .silence(_, let matcher, let starting, let lasting):
      let start = starting.map { " from " + secondsText($0) } ?? ""
      let end = lasting < 3_600_000 ? " for " + secondsText(lasting) : ""
      return "silence on `\(matcher)`" + start + end
    case .unsilence: return "the silence is ended"
    case .configure(let setup):
      return "reload, with this configuration:\n\n```yaml\n" + setup.alertmanagerFile { "http://hooks/" + $0 } + "```\n"
    case .answer(let hook, let first, let then):
      let answers = first.map(String.init) + ["\(then) from then on"]
      return "\(hook) answers " + answers.joined(separator: ", ")
    }
  }
}
