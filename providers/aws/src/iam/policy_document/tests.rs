//! Documents that blocks and other documents make.

use super::*;

fn texts(all: &[&str]) -> BTreeSet<String> {
    all.iter().map(|text| (*text).to_owned()).collect()
}

fn statement(sid: &str, actions: &[&str], resources: &[&str]) -> Statement {
    Statement {
        sid: (!sid.is_empty()).then(|| sid.to_owned()),
        effect: "Allow".to_owned(),
        actions: (!actions.is_empty()).then(|| texts(actions)),
        not_actions: None,
        resources: (!resources.is_empty()).then(|| texts(resources)),
        not_resources: None,
        principals: BTreeSet::new(),
        not_principals: BTreeSet::new(),
        condition: BTreeSet::new(),
    }
}

fn document(statements: Vec<Statement>) -> PolicyDocument {
    PolicyDocument {
        version: "2012-10-17".to_owned(),
        policy_id: None,
        source_policy_documents: None,
        override_policy_documents: None,
        statement: statements,
        json: Computed::Unknown,
        minified_json: Computed::Unknown,
    }
}

fn principal(kind: &str, identifiers: &[&str]) -> Principal {
    Principal { kind: kind.to_owned(), identifiers: texts(identifiers) }
}

fn minified(document: &PolicyDocument) -> String {
    document.merged().unwrap().minified().unwrap()
}

#[test]
fn is_laid_out_as_terraform_lays_it_out() {
    let mut decrypt = statement("", &["kms:Decrypt", "kms:GenerateDataKey"], &["*"]);
    let when = |variable: &str, values: &[&str]| Condition {
        test: "ForAnyValue:StringEquals".to_owned(),
        variable: variable.to_owned(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    decrypt.condition = [when("kms:EncryptionContext:service", &["pi", "a<b"]), when("aws:username", &["&{x}"])].into();
    let mut trust = statement("Trust", &["sts:AssumeRole"], &[]);
    trust.principals = [principal("Service", &["firehose.amazonaws.com"]), principal("AWS", &["1", "2"])].into();
    let expected = r#"{
  "Version": "2012-10-17",
  "Id": "all",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [
        "kms:GenerateDataKey",
        "kms:Decrypt"
      ],
      "Resource": "*",
      "Condition": {
        "ForAnyValue:StringEquals": {
          "aws:username": "${x}",
          "kms:EncryptionContext:service": [
            "pi",
            "a\u003cb"
          ]
        }
      }
    },
    {
      "Sid": "Trust",
      "Effect": "Allow",
      "Action": "sts:AssumeRole",
      "Principal": {
        "AWS": [
          "2",
          "1"
        ],
        "Service": "firehose.amazonaws.com"
      }
    }
  ]
}"#;
    let document = PolicyDocument { policy_id: Some("all".to_owned()), ..document(vec![decrypt, trust]) };
    assert_eq!(document.merged().unwrap().pretty().unwrap(), expected);
}

#[test]
fn everybody_is_written_in_short_and_everybody_with_an_account_is_not() {
    let cases = [("*", r#""*""#), ("AWS", r#"{"AWS":"*"}"#)];
    for (kind, expected) in cases {
        let mut open = statement("", &["s3:GetObject"], &[]);
        open.principals = [principal(kind, &["*"])].into();
        let json = minified(&document(vec![open]));
        assert!(json.contains(&format!(r#""Principal":{expected}"#)), "{json}");
    }
    assert_eq!(minified(&document(Vec::new())), r#"{"Version":"2012-10-17"}"#);
}

#[test]
fn later_statements_take_the_place_of_earlier_ones_with_their_sid() {
    let json = |statements| Some(minified(&document(statements)));
    let merged = PolicyDocument {
        source_policy_documents: Some(vec![
            json(vec![statement("", &["ec2:*"], &["*"]), statement("Own", &["s3:*"], &["*"])]),
            None,
            Some(String::new()),
            Some(
                r#"{"Id":"source","Statement":{"Sid":"Last","Effect":"Deny","Action":["b","a"],"Condition":{"Bool":
                {"aws:SecureTransport":false}},"Principal":{"*":["*"]}}}"#
                    .to_owned(),
            ),
        ]),
        override_policy_documents: Some(vec![json(vec![
            statement("Last", &["logs:*"], &[]),
            statement("", &["x:y"], &[]),
        ])]),
        ..document(vec![statement("Own", &["s3:GetObject"], &["b", "a"])])
    };
    let expected = concat!(
        r#"{"Version":"2012-10-17","Id":"source","Statement":[{"Effect":"Allow","Action":"ec2:*","Resource":"*"},"#,
        r#"{"Sid":"Own","Effect":"Allow","Action":"s3:GetObject","Resource":["b","a"]},"#,
        r#"{"Sid":"Last","Effect":"Allow","Action":"logs:*"},{"Effect":"Allow","Action":"x:y"}]}"#
    );
    assert_eq!(minified(&merged), expected);
}

#[test]
fn what_a_source_says_stays_as_it_is_written() {
    let source = concat!(
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":["a","b"],"NotPrincipal":"*","#,
        r#""Condition":{"Bool":{"aws:SecureTransport":"false"},"NumericLessThan":{"aws:MultiFactorAuthAge":"300"}}}]}"#
    );
    let loose = source.replace(r#""false""#, "[false]").replace(r#""300""#, "300");
    let with = |text: &str| PolicyDocument {
        source_policy_documents: Some(vec![Some(text.to_owned())]),
        ..document(Vec::new())
    };
    assert_eq!(minified(&with(source)), source);
    assert_eq!(minified(&with(&loose)), source);
}

#[test]
fn says_everything_that_is_wrong() {
    let twice = Some(r#"{"Statement":[{"Sid":"A"},{"Sid":"A"}]}"#.to_owned());
    let mut old = statement("B", &["a:b"], &["x/&{aws:username}"]);
    old.sid = Some("B".to_owned());
    let wrong = PolicyDocument {
        version: "2008-10-17".to_owned(),
        source_policy_documents: Some(vec![twice, Some("{".to_owned()), Some(r#"{"Statment":[]}"#.to_owned())]),
        override_policy_documents: Some(vec![Some(r#"{"Statement":{"Action":7}}"#.to_owned())]),
        ..document(vec![statement("B", &["a:b"], &[]), old])
    };
    let problems = wrong.merged().unwrap_err().0;
    let told: Vec<_> = problems.iter().map(|problem| (problem.path.to_string(), problem.summary.as_str())).collect();
    let expected = [
        (".source_policy_documents[1]", "Invalid policy document"),
        (".source_policy_documents[2]", "Invalid policy document"),
        (".override_policy_documents[0]", "Invalid policy document"),
        (".source_policy_documents[0]", "Statement id is used twice"),
        (".statement[1].sid", "Statement id is used twice"),
        (".statement[1]", "Variable in an old document"),
    ];
    let told: Vec<_> = told.iter().map(|(path, summary)| (path.as_str(), *summary)).collect();
    assert_eq!(told, expected);
    assert!(problems[1].detail.contains("Statment"), "{}", problems[1].detail);
}
