/// What a first repository has for the forge and the editor.
enum ForgeFiles {
  static func readme(tenant: String) -> String {
    """
    # Alerts

    This repository is what is alerted on, and who is told. [Belfry](https://github.com/belfry/belfry) keeps the live
    alerting equal to its main branch.

    | where | what |
    |---|---|
    | `platform/` | what everybody shares: data sources, the route for alerts that nobody else routes |
    | `tenants/\(tenant)/` | one tenant: its rules, channels, routes, silences and tests |
    | `tenants/\(tenant)/<project>/` | a project of the tenant, where there are several |

    ## A change

    1. Edit, or copy `tenants/\(tenant)` to a folder for another team.
    2. `belfry check` says what is wrong, `belfry test` runs the tests, `belfry diff` says what would change.
    3. Open a pull request. When it is merged, the controller applies it within seconds.

    ## Before the first page

    1. Write your Prometheus's address into `platform/sources.yaml`.
    2. Give the controller the secret `oncall-url`, the address of your webhook: the file `\(tenant)/oncall-url` in its
       folder of secrets. It never stands in this repository.
    3. Run it: `belfry run --repo <this repository> --secrets-dir <folder>`

    ## The editor

    `belfry schema --out schemas` writes JSON Schemas, which `.vscode/settings.json` points at: fields are completed and
    explained while you type.

    """
  }

  static func owners(tenant: String) -> String {
    """
    # Who has to agree to a change. Put in your own teams; GitHub and GitLab read this file.
    /platform/        @platform-team
    /tenants/\(tenant)/  @\(tenant)-team
    /CODEOWNERS       @platform-team
    /.github/         @platform-team
    /.gitlab-ci.yml   @platform-team

    """
  }

  static let github = """
    # Checks each change before it is merged. BELFRY_IMAGE: where your organisation keeps the image of Belfry.
    name: belfry
    on:
      pull_request:
      push:
        branches: [main]
    permissions:
      contents: read
    jobs:
      check:
        runs-on: ubuntu-latest
        container: ${{ vars.BELFRY_IMAGE || 'belfry:latest' }}
        steps:
          - uses: actions/checkout@v4
            with:
              fetch-depth: 0   # diff compares with the commit that the branch began at
          - run: git config --global --add safe.directory "$GITHUB_WORKSPACE"
          - run: belfry check .
          - run: belfry test .
          - if: github.event_name == 'pull_request'
            run: belfry diff . --base "origin/${{ github.base_ref }}"

    """

  static let gitlab = """
    # Checks each change before it is merged. BELFRY_IMAGE: where your organisation keeps the image of Belfry.
    variables:
      BELFRY_IMAGE: belfry:latest
      GIT_DEPTH: '0'   # diff compares with the commit that the branch began at

    belfry:
      image: $BELFRY_IMAGE
      rules:
        - if: $CI_PIPELINE_SOURCE == 'merge_request_event'
        - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
      script:
        - belfry check .
        - belfry test . --format junit > report.xml
        - if [ -n "$CI_MERGE_REQUEST_DIFF_BASE_SHA" ]; then belfry diff . --base "$CI_MERGE_REQUEST_DIFF_BASE_SHA"; fi
      artifacts:
        when: always
        reports:
          junit: report.xml

    """

  static let editorConfig = """
    root = true

    [*]
    charset = utf-8
    end_of_line = lf
    insert_final_newline = true
    trim_trailing_whitespace = true

    [*.{yaml,yml}]
    indent_style = space
    indent_size = 2

    """

  /// One schema for all kinds; `belfry schema --out schemas` writes it.
  static let codeSettings = """
    {
      "yaml.schemas": {
        "./schemas/belfry.json": ["platform/**/*.yaml", "tenants/**/*.yaml"]
      },
      "yaml.format.enable": false,
      "files.insertFinalNewline": true
    }

    """

  static let codeExtensions = """
    {
      "recommendations": ["redhat.vscode-yaml", "editorconfig.editorconfig"]
    }

    """

  static let ignored = """
    # Secrets belong to the controller and never to git.
    /secrets/
    *.pem
    *.key
    .env
    # What belfry run keeps when it is tried here.
    /belfry-data/
    /report.xml

    """
}
