import Model
import Reconciler
import Specs
import Testing

private let anasKey = SigningKey(type: "ssh-ed25519", base64: "YW5h")
private let bosKey = SigningKey(type: "ssh-ed25519", base64: "Ym8=")
private let forgesKey = SigningKey(type: "ssh-ed25519", base64: "Zm9yZ2U=")

private func by(_ key: SigningKey) -> SignatureStanding { .valid(key, fingerprint: "SHA256:" + key.base64) }

private func day(_ number: Int64) -> Timestamp { Timestamp(millisecondsSinceEpoch: number * 86_400_000) }

private func signer(_ email: String, _ keys: SigningKeyEntry...) -> RoleBindingSpec.Subject {
  .user(email: email, signingKeys: keys)
}

@Suite struct `Signed commits` {
  private let root = [
    file("platform/roles.yaml", .platform, binding(.platform, .admin, [signer("forge@example.com", .init(forgesKey))])),
    file(
      "tenants/shop/roles.yaml", shop, binding(shop, .owner, [signer("ana@example.com", .init(anasKey))]),
      binding(
        shop, .member,
        [signer("bo@example.com", .init(bosKey, validFrom: day(10), validUntil: day(20)))])),
  ]
  private let rules = file("tenants/shop/rules.yaml", shop, group(shop, "a"))

  @Test(arguments: [
    (SignatureStanding.unsigned, "it is unsigned"),
    (.invalid("over another commit"), "its signature is invalid: over another commit"),
    (.unsupported("OpenPGP"), "its signature is unsupported: OpenPGP"),
    (
      by(SigningKey(type: "ssh-ed25519", base64: "ZXZl")),
      "unknown key SHA256:ZXZl, which no RoleBinding of shop or the platform has"
    ),
  ])
  func `of nobody are refused with the word that says why`(signature: SignatureStanding, words: String) {
    var judged = Judged(.signed, root)
    let verdict = judged.commit(by: "ana@example.com", [rules], signed: signature)
    #expect(verdict.refused.first?.message.contains(words) == true, "\(verdict.refused.first?.message ?? "followed")")
  }

  @Test func `count for who has the key, whatever the author's name`() {
    var judged = Judged(.signed, root)
    judged.commit(by: "eve@example.com", [rules], signed: by(anasKey))
    #expect(judged.isFollowed)
    judged.commit(by: "ana@example.com", [("tenants/shop/rules.yaml", nil)], signed: .unsigned)
    #expect(judged.refused == [rules.path])
  }

  @Test func `of a forge's key have the role that its binding gives`() {
    var judged = Judged(.signed, root)
    judged.commit(by: "ana@example.com", [file("tenants/shop/c.yaml", shop, channel(shop, "c"))], signed: by(forgesKey))
    #expect(judged.isFollowed)
    judged.commit(
      by: "ana@example.com", [file("tenants/shop/more.yaml", shop, binding(shop, .owner, "eve@example.com"))],
      signed: by(forgesKey))
    #expect(judged.refused == ["tenants/shop/more.yaml"])
  }

  @Test(arguments: [
    (Int64(15), Int64(15), nil as String?), (9, 15, "isn't valid before"), (15, 25, "expired at"),
    (21, 21, "expired at"), (21, 15, "was valid until"), (15, 9, "isn't valid before"),
  ])
  func `need a key that was in force then and is in force now`(committed: Int64, now: Int64, words: String?) {
    var judged = Judged(.signed, root)
    let verdict = judged.commit(
      by: "bo@example.com", [rules], signed: by(bosKey), committedAt: day(committed), now: day(now))
    #expect(judged.isFollowed == (words == nil))
    if let words { #expect(verdict.refused.first?.message.contains(words) == true) }
  }

  @Test func `of a key that is revoked above are refused below`() {
    var revoked = SigningKeyEntry(anasKey)
    revoked.isRevoked = true
    let platform = file(
      "platform/revoked.yaml", .platform, binding(.platform, .viewer, [signer("ana@example.com", revoked)]))
    var judged = Judged(.signed, root + [platform])
    let verdict = judged.commit(by: "ana@example.com", [rules], signed: by(anasKey))
    #expect(verdict.refused.first?.message.contains("revoked key SHA256:YW5h of ana@example.com") == true)
  }

  @Test func `keep an owner with a key that can be used`() {
    var judged = Judged(.signed, root)
    let keyless = file(
      "tenants/shop/roles.yaml", shop, binding(shop, .owner, [signer("ana@example.com")]))
    let verdict = judged.commit(by: "ana@example.com", [keyless], signed: by(anasKey))
    #expect(verdict.refused.first?.reason == .lastOwner)
    let expired = file(
      "tenants/shop/roles.yaml", shop,
      binding(shop, .owner, [signer("ana@example.com", .init(anasKey, validUntil: day(1)))]))
    judged.commit(by: "ana@example.com", [expired], signed: by(anasKey), now: day(2))
    #expect(judged.refused == ["tenants/shop/roles.yaml"])
  }
}
