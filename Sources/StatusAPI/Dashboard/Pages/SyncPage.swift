import JSON
import Model

/// One sync: what it changed, what it took, what it found.
struct SyncPage: PageContent {
  var view: SyncView

  private static let shownSteps = 200

  func title(_ language: Language) -> String {
    Phrase.sync.filled(language) + " " + view.record.revision.commit.short
  }

  func write(to writer: inout HTMLWriter) {
    let sync = view.record
    Crumbs(section: .syncs).write(to: &writer)
    writer.heading(view.commit?.subject ?? sync.revision.commit.short) { $0.badge(sync.status) }
    writer.card("sync", .standing) {
      $0.facts {
        $0.fact(.revision) { $0.element("code", class: "wrap", sync.revision.description) }
        if let commit = view.commit { $0.fact(.author, commit.author) }
        $0.fact(.trigger, $0.phrase(Phrase(sync.trigger)))
        $0.fact(.when) { $0.time(sync.startedAt) }
        $0.fact(.took, "\((sync.finishedAt - sync.startedAt).wholeMilliseconds) ms")
        $0.fact(.changes) { SyncItem.changes(sync, to: &$0) }
        let plan = StoredPlan(sync.plan)
        if let digest = plan.digest { $0.fact(.planDigest) { $0.element("code", String(digest.prefix(16))) } }
      }
      writeTimings(to: &$0)
    }
    writePlan(to: &writer)
    writeDiagnostics(to: &writer)
  }

  /// The stages as bars, each as long as its share.
  private func writeTimings(to writer: inout HTMLWriter) {
    let stages = view.record.timings.filter { $0.stage != "total" && $0.milliseconds > 0 }
    let longest = stages.map(\.milliseconds).max() ?? 0
    guard longest > 0 else { return }
    writer.element("dl", class: "bars") { writer in
      for stage in stages {
        writer.element("div") {
          $0.element("dt") { $0.outside(stage.stage) }
          $0.element("dd") {
            let width = String(max(1, Int(stage.milliseconds / longest * 100)))
            $0.markup(#"<svg class="bar-drawing" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">"#)
            $0.void("rect", ["width": width, "height": "6"])
            $0.markup("</rect></svg>")
            $0.element("span", sampleText((stage.milliseconds * 10).rounded() / 10) + " ms")
          }
        }
      }
    }
  }

  private func writePlan(to writer: inout HTMLWriter) {
    let plan = try? JSONValue(parsing: view.record.plan)
    let scopes = plan?["scopes"]?.array ?? []
    writer.card("plan", .plan) { writer in
      if scopes.isEmpty { writer.empty(plan == nil || plan == .null ? .planHidden : .planEmpty) }
      for scope in scopes { write(plan: scope, to: &writer) }
    }
  }

  private func write(plan scope: JSONValue, to writer: inout HTMLWriter) {
    let steps = scope["steps"]?.array ?? []
    writer.element("div", class: "plan-scope") {
      $0.element("h3") {
        $0.outside(scope["scope"]?.string ?? "")
        if let reason = scope["reason"]?.string { $0.badge(reason, .bad) }
      }
      if let explanation = scope["explanation"]?.string { $0.element("p") { $0.outside(explanation) } }
      $0.element("ul", class: "plan") { writer in
        for step in steps.prefix(Self.shownSteps) { write(step: step, to: &writer) }
      }
      if steps.count > Self.shownSteps {
        $0.element("p", class: "quiet") { $0.say(.andMore, $0.number(steps.count - Self.shownSteps)) }
      }
    }
  }

  private func write(step: JSONValue, to writer: inout HTMLWriter) {
    let action = step["action"]?.string ?? ""
    let marks = ["create": "+", "update": "~", "move": "→", "delete": "−"]
    writer.element("li", class: marks[action] == nil ? "" : action) {
      $0.element("code", class: "mark", ["title": action], marks[action] ?? "·")
      $0.element("span", class: "quiet", step["kind"]?.string ?? "")
      $0.outside(step["name"]?.string ?? "")
      if let file = step["file"]?.string {
        $0.element("code", class: "quiet place", file + (step["line"]?.int.map { ":\($0)" } ?? ""))
      }
    }
  }

  private func writeDiagnostics(to writer: inout HTMLWriter) {
    let scopes = (try? JSONValue(parsing: view.record.diagnostics))?.array ?? []
    let findings = scopes.flatMap { $0["diagnostics"]?.array ?? [] }
    guard !findings.isEmpty else { return }
    writer.card("findings", .findings, count: findings.count, class: "attention") {
      $0.element("ul", class: "findings") { writer in
        for finding in findings.prefix(Self.shownSteps) {
          let isError = finding["severity"]?.string == "error"
          writer.element("li", class: "finding " + (isError ? "error" : "warning")) {
            $0.element("p", class: "finding-head") {
              $0.badge(isError ? Phrase.errorWord : .warningWord, isError ? .bad : .warning)
              $0.outside(finding["message"]?.string ?? "", class: "finding-message")
            }
            let line = finding["range"]?["start"]?["line"]?.int.map { ":\($0)" } ?? ""
            $0.element("code", (finding["file"]?.string ?? "") + line)
          }
        }
      }
    }
  }
}
