import Model
import Notifier
import Specs
import TestKit
import Testing

@Suite struct `A quota` {
  @Test(arguments: 0..<300 as Range<UInt64>)
  func `is never exceeded in any window, and never left unused`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let limits = (0..<Int.random(in: 1...2, using: &random)).map { _ in
      let messages = Int.random(in: 1...30, using: &random)
      return RateLimit(
        messages, per: .milliseconds(Int.random(in: 1...90_000, using: &random)),
        burst: Bool.random(using: &random) ? Int.random(in: 1...messages, using: &random) : nil)
    }
    var quota = Quota(limits)
    var now = start
    var times: [Timestamp] = []
    for _ in 0..<300 {
      if Bool.random(using: &random) {
        now = now + .milliseconds(Int.random(in: 0...20_000, using: &random))
      }
      let opening = quota.opening(after: now)
      #expect(opening >= now && quota.free(at: opening) > 0)
      if opening > now {
        #expect(quota.free(at: now) == 0 && quota.free(at: opening - .milliseconds(1)) == 0)
        guard Bool.random(using: &random) else { continue }
        now = opening
      }
      let free = quota.free(at: now)
      #expect(free > 0)
      quota.take(at: now)
      #expect(quota.free(at: now) == free - 1)
      times.append(now)
    }
    for limit in limits {
      #expect(most(times, within: limit.period) <= limit.messages)
      #expect(most(times, within: .milliseconds(1)) <= limit.burst ?? limit.messages)
    }
  }

  @Test(arguments: [
    RateLimit(18, per: .seconds(60), burst: 3), RateLimit(7, per: .milliseconds(1001), burst: 1),
  ])
  func `doesn't drift`(limit: RateLimit) {
    var quota = Quota([limit])
    var now = start
    for _ in 0..<limit.messages * 1000 {
      now = quota.opening(after: now)
      quota.take(at: now)
    }
    #expect(now - start <= limit.period * 1000)
    #expect(now - start > limit.period * 999 - limit.period)
  }

  @Test func `remembers what was sent when its limits change`() {
    var quotas = Quotas()
    let credential = Credential.secret("robot", owner: shop)
    quotas.set(oncall, [credential], [RateLimit(5, per: .seconds(60))], at: at(0))
    for _ in 0..<5 { quotas.take(credential, at: at(0)) }
    quotas.set(oncall, [credential], [RateLimit(6, per: .seconds(60))], at: at(1))
    #expect(quotas[credential].free(at: at(1)) == 1)
    // Also under another channel's name, and not for ever.
    quotas.set(oncall, [], [], at: at(2))
    quotas.removeIdle(at: at(2))
    quotas.set(chat, [credential], [RateLimit(6, per: .seconds(60))], at: at(2))
    #expect(quotas[credential].free(at: at(2)) == 1)
    quotas.set(chat, [], [], at: at(3))
    quotas.removeIdle(at: at(61))
    quotas.set(chat, [credential], [RateLimit(6, per: .seconds(60))], at: at(61))
    #expect(quotas[credential].free(at: at(61)) == 6)
  }

  @Test func `isn't upset by a clock that is set back`() {
    var quotas = Quotas()
    let credential = Credential.address("http://x")
    quotas.set(oncall, [credential], [RateLimit(2, per: .seconds(60), burst: 1)], at: at(7200))
    quotas.observe(at(7200))
    quotas.take(credential, at: at(7200))
    quotas.observe(at(0))
    #expect(quotas[credential].opening(after: at(0)) == at(30))
    quotas.take(credential, at: at(30))
    #expect(quotas[credential].opening(after: at(30)) == at(60))
  }

  @Test func `is shared by channels that name the same credential`() {
    let project = ResourceID(checkout, .channel, "robots")
    let other = ResourceID(.tenant("bank"), .channel, "robots")
    let spec = QueueBench.robots(1)
    #expect(Credential.endpoints(of: oncall, spec) == Credential.endpoints(of: project, spec))
    #expect(Credential.endpoints(of: oncall, spec) != Credential.endpoints(of: other, spec))
    // The stricter limit holds for both.
    var quotas = Quotas()
    let credential = Credential.endpoints(of: oncall, spec)[0]
    quotas.set(oncall, [credential], spec.rateLimits, at: at(0))
    quotas.set(project, [credential], [RateLimit(2, per: .seconds(60))], at: at(0))
    quotas.take(credential, at: at(0))
    quotas.take(credential, at: at(0))
    #expect(quotas[credential].opening(after: at(0)) == at(60))
  }

  @Test func `is below what each vendor allows`() {
    let allowed: [(ChannelKind, Int, Duration)] = [
      (.feishu, 100, .seconds(60)), (.feishu, 5, .seconds(1)), (.dingtalk, 20, .seconds(60)),
      (.wecom, 20, .seconds(60)), (.telegram, 20, .seconds(60)), (.teams, 4, .seconds(1)),
      (.discord, 5, .seconds(2)),
    ]
    for (kind, messages, window) in allowed {
      var quota = Quota(kind.rateLimits)
      var (now, times) = (start, [Timestamp]())
      for _ in 0..<500 {
        now = quota.opening(after: now)
        quota.take(at: now)
        times.append(now)
      }
      #expect(most(times, within: window) <= messages, "\(kind)")
    }
    for kind in ChannelKind.allCases where kind.rateLimits.isEmpty {
      #expect(Quota(kind.rateLimits).free(at: start) == .max)
    }
  }
}
