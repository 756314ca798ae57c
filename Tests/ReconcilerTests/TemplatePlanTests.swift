import Diagnostics
import Model
import Reconciler
import Specs
import Testing

@Suite struct `Planning templates` {
  private let base = [
    file("platform/sources.yaml", .platform, source()),
    file("platform/words.yaml", .platform, template(.platform, "words", "title", "body")),
    file("tenants/shop/checkout/channel.yaml", checkout, channel(checkout, "pager", calls: "body")),
  ]
  private let broken = file("tenants/shop/checkout/rules.yaml", checkout, error: "broken")
  private let words = ResourceID(.platform, .template, "words")

  @Test func `keeps a document that a held scope still calls, and lets it go later`() {
    var reconciler = Reconciler()
    reconciler.sync(1, base)
    let plan = reconciler.sync(2, [("platform/words.yaml", nil), broken])
    #expect(
      plan.lines == [
        "= platform Template words used by shop/checkout Channel pager", "shop/checkout: held ValidationFailed",
      ])
    #expect(reconciler.live.resolve(.template, "body", from: checkout) == words)
    let later = reconciler.sync(
      3, [(broken.path, nil), file("tenants/shop/checkout/channel.yaml", checkout, channel(checkout, "pager"))])
    #expect(later.lines == ["- platform Template words", "~ shop/checkout Channel pager"])
  }

  @Test func `a removal that a scope doesn't follow holds that scope`() {
    var reconciler = Reconciler()
    reconciler.sync(1, base)
    let plan = reconciler.sync(2, [("platform/words.yaml", nil)])
    #expect(
      plan.lines == [
        "= platform Template words used by shop/checkout Channel pager", "shop/checkout: held ValidationFailed",
      ])
    #expect(plan.scopes.last?.diagnostics.map(\.code) == ["unknown-reference"])
  }

  @Test func `applies the rest of a document, and keeps the definition that it no longer has`() throws {
    var reconciler = Reconciler()
    reconciler.sync(1, base)
    let changed = file(
      "platform/words.yaml", .platform, template(.platform, "words", "title", "text", text: "new"),
      channel(.platform, "all", calls: "text"))
    let plan = reconciler.sync(2, [changed])
    #expect(
      plan.lines == [
        "~ platform Template words", "+ platform Channel all",
        "= platform Template words used by shop/checkout Channel pager", "shop/checkout: held ValidationFailed",
      ])
    let live = try #require(reconciler.live[words])
    #expect(live.spec.definitions == ["body", "text", "title"])
    guard case .template(let spec) = live.spec else { return }
    #expect(spec.text.contains("new") && spec.kept.map(\.definitions) == [["body"]])
    #expect(spec.kept.first?.text.contains("{{ define \"body\" }}") ?? false)
    #expect(reconciler.sync(3, []).steps.isEmpty)

    // Another file stays, or the guard would hold a project whose folder is gone.
    let freed = reconciler.sync(
      4, [("tenants/shop/checkout/channel.yaml", nil), file("tenants/shop/checkout/empty.yaml", checkout)])
    #expect(freed.lines == ["~ platform Template words", "- shop/checkout Channel pager"])
    #expect(reconciler.live[words]?.spec.definitions == ["text", "title"])
    #expect(reconciler.sync(5, []).isEmpty)
  }

  @Test func `goes on keeping a definition through further changes`() {
    var reconciler = Reconciler()
    reconciler.sync(1, base + [broken])
    for number in 2...4 {
      let text = template(.platform, "words", "title", text: "\(number)")
      reconciler.sync(number, [file("platform/words.yaml", .platform, text)])
      guard case .template(let spec)? = reconciler.live[words]?.spec else { return }
      #expect(spec.text.contains("\(number)"))
      #expect(spec.definitions == ["title"])
    }
    // Nobody had applied the channel, so nothing was kept.
    #expect(reconciler.live[words]?.spec.definitions == ["title"])

    var second = Reconciler()
    second.sync(1, base)
    for number in 2...4 {
      second.sync(
        number, [file("platform/words.yaml", .platform, template(.platform, "words", "title", text: "\(number)"))])
      guard case .template(let spec)? = second.live[words]?.spec else { return }
      #expect(spec.text.contains("\(number)"))
      #expect(spec.kept.map(\.definitions) == [["body"]])
    }
    let back = second.sync(5, [file("platform/words.yaml", .platform, template(.platform, "words", "title", "body"))])
    #expect(back.lines == ["~ platform Template words"])
    guard case .template(let spec)? = second.live[words]?.spec else { return }
    #expect(spec.kept.isEmpty)
  }

  @Test func `a definition that moves to another document isn't kept twice`() {
    var reconciler = Reconciler()
    reconciler.sync(1, base)
    let moved = reconciler.sync(
      2, [("platform/words.yaml", nil), file("platform/b.yaml", .platform, template(.platform, "b", "body", "title"))])
    #expect(moved.lines == ["+ platform Template b", "- platform Template words"])
    let half = reconciler.sync(
      3, [("platform/b.yaml", nil), file("platform/c.yaml", .platform, template(.platform, "c", "title", text: "c"))])
    #expect(
      half.lines == [
        "~ platform Template b", "+ platform Template c",
        "= platform Template b used by shop/checkout Channel pager", "shop/checkout: held ValidationFailed",
      ])
    #expect(reconciler.live.declarer(of: .template, "title", in: .platform)?.name == "c")
    #expect(reconciler.live.declarer(of: .template, "body", in: .platform)?.name == "b")
  }

  @Test func `keeps what the kept itself uses`() {
    var reconciler = Reconciler()
    reconciler.sync(
      1,
      [
        file("platform/sources.yaml", .platform, source(), template(.platform, "deep", "deep")),
        file("platform/words.yaml", .platform, template(.platform, "words", "body", calls: ["deep"])),
        file("tenants/shop/channel.yaml", shop, channel(shop, "pager", calls: "body")),
        file("tenants/shop/checkout/route.yaml", checkout, route(checkout, to: "pager")),
      ])
    let plan = reconciler.sync(
      2,
      [
        file("platform/sources.yaml", .platform, source()), ("platform/words.yaml", nil),
        file("tenants/shop/channel.yaml", shop, channel(shop, "other")), broken,
      ])
    #expect(
      plan.lines == [
        "= platform Template deep used by platform Template words",
        "= platform Template words used by shop Channel pager",
        "+ shop Channel other", "= shop Channel pager used by shop/checkout Route default",
        "shop/checkout: held ValidationFailed",
      ])
  }

  @Test func `holds a scope that calls what only a held scope defines`() {
    var reconciler = Reconciler()
    reconciler.sync(1, base)
    let later = template(.platform, "words", "title", "body", "text")
    let plan = reconciler.sync(
      2,
      [
        file("platform/words.yaml", .platform, later, error: "broken"),
        file("tenants/shop/search/channel.yaml", search, channel(search, "chat", calls: "text")),
        file("tenants/shop/channel.yaml", shop, channel(shop, "chat", calls: "title")),
      ])
    #expect(
      plan.lines == ["platform: held ValidationFailed", "+ shop Channel chat", "shop/search: held DependencyHeld"])
    #expect(
      plan.scopes.last?.diagnostics.map(\.message) == ["template 'text' isn't live, because platform is held"])
    let released = reconciler.sync(3, [file("platform/words.yaml", .platform, later)])
    #expect(released.lines == ["~ platform Template words", "+ shop/search Channel chat"])
  }

  @Test func `of a document that can't be read, what is live may be called and nothing else`() {
    var reconciler = Reconciler()
    reconciler.sync(1, base)
    var unreadable = file("platform/words.yaml", .platform, error: "broken")
    unreadable.file?.unreadable = [words]
    let plan = reconciler.sync(
      2,
      [
        unreadable, file("tenants/shop/search/channel.yaml", search, channel(search, "chat", calls: "text")),
        file("tenants/shop/channel.yaml", shop, channel(shop, "chat", calls: "title")),
      ])
    #expect(
      plan.lines == ["platform: held ValidationFailed", "+ shop Channel chat", "shop/search: held DependencyHeld"])
    let healed = reconciler.sync(3, [base[1]])
    #expect(healed.lines == ["shop/search: held ValidationFailed"])
  }

  @Test func `a restart brings back what held scopes use, at the revision that they are held at`() {
    let before =
      base + [
        file("platform/all.yaml", .platform, channel(.platform, "all", calls: "title"), template(.platform, "x", "x")),
        file("tenants/shop/search/route.yaml", search, route(search, to: "all")),
      ]
    let after: [(path: String, file: SpecFile?)] = [
      file("platform/words.yaml", .platform, template(.platform, "words", "text", text: "new")),
      ("platform/all.yaml", nil), broken, file("tenants/shop/search/rules.yaml", search, error: "broken"),
    ]
    var first = Reconciler()
    first.sync(1, before)
    first.sync(2, after)

    var second = Reconciler()
    let old = before.compactMap(\.file).flatMap(\.resources)
    let new = [before[0], after[0]].compactMap(\.file).flatMap(\.resources)
    second.restore(new, of: .platform, at: revision(2))
    for scope in [checkout, search] { second.restore(old.filter { $0.id.scope == scope }, of: scope, at: revision(1)) }
    for scope in [checkout, search] { second.restoreUsed(by: scope, from: old.filter { $0.id.scope == .platform }) }
    for scope in [Scope.platform, checkout, search] {
      let live = (first.live.resources(in: scope), second.live.resources(in: scope))
      #expect(live.0.mapValues(\.digest) == live.1.mapValues(\.digest))
    }
    second.see([before[0], before[2], before[4]] + after.filter { $0.file != nil })
    let plan = second.plan(for: revision(2), at: .epoch)
    #expect(plan.steps.isEmpty)
    #expect(plan.lines == first.plan(for: revision(2), at: .epoch).lines)
    #expect(plan.scopes.first?.retained.map(\.id.name) == ["words", "all"])
  }

  @Test func `a tenant's template concerns nobody else`() {
    var reconciler = Reconciler()
    let tenants = (0..<20).map { Scope.tenant("t\($0)") }
    reconciler.sync(
      1,
      tenants.map { tenant in
        file("\(tenant.path)/a.yaml", tenant, template(tenant, "words", "body"), channel(tenant, "a", calls: "body"))
      })
    let changed = reconciler.see([
      ("\(tenants[3].path)/a.yaml", nil), file("\(tenants[3].path)/b.yaml", tenants[3]),
    ])
    #expect(changed == [tenants[3]])
    reconciler.applied(reconciler.plan(for: revision(2), at: .epoch))
    let text = template(.platform, "words", "other")
    #expect(reconciler.see([file("platform/a.yaml", .platform, text)]) == [.platform])
  }
}
