/* Generated from src/schema by `npm run generate`; do not edit. */
export interface FieldSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly additionalProperties?: boolean | FieldSchema;
  readonly required?: readonly string[];
  readonly items?: FieldSchema;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly anyOf?: readonly FieldSchema[];
  readonly reference?: boolean;
  readonly duration?: true | 'or never';
  /** References to secrets may stand in it, also inside longer texts. */
  readonly interpolated?: boolean;
  readonly description?: string;
}

export type SchemaName = 'workflow' | 'repository' | 'sync' | 'diff' | 'list' | 'rollback' | 'wait' | 'approve' | 'delete' | 'http' | 'httpRequest' | 'slack' | 'teams' | 'ntfy' | 'webhook' | 'email' | 'question' | 'exec' | 'git_clone' | 'git_checkout' | 'git_pull' | 'git_status' | 'git_commit' | 'git_push' | 'workspace';

export const callSchemas: Readonly<Record<SchemaName, FieldSchema>> = {
 "workflow": {
  "type": "object",
  "properties": {
   "repo": {
    "description": "URL, path, owner/name, or id of a registered repository",
    "type": "string"
   },
   "repository": {
    "description": "another name of repo",
    "type": "string"
   },
   "branch": {
    "description": "the branch; main unless said otherwise",
    "type": "string"
   },
   "name": {
    "description": "name of the application",
    "type": "string"
   },
   "id": {
    "description": "a name of yours that the id is made from",
    "type": "string"
   },
   "path": {
    "description": "folder inside the repository; the whole of it unless said otherwise",
    "type": "string"
   },
   "target_path": {
    "description": "another name of path",
    "type": "string"
   },
   "auto_sync": {
    "description": "sync by itself when the repository changes; the first sync starts in the background",
    "type": "boolean"
   },
   "diff_preview": {
    "description": "every sync stores and shows its diff before the first write",
    "type": "boolean"
   },
   "rollback_on_failure": {
    "description": "a sync that fails brings back the last healthy set",
    "type": "boolean"
   },
   "sync_interval": {
    "description": "how often the repository is looked at; \"never\" only when told",
    "duration": "or never",
    "type": [
     "string",
     "number"
    ]
   },
   "namespace": {
    "description": "namespace of objects that name none",
    "type": "string"
   },
   "cluster": {
    "description": "the cluster; the default one when absent",
    "type": "string"
   },
   "credentials": {
    "description": "how the repository is reached",
    "type": "object",
    "properties": {
     "type": {
      "type": "string",
      "enum": [
       "token",
       "ssh",
       "userpass"
      ],
      "description": "how the repository is reached"
     },
     "token": {
      "description": "an access token: secret(\"name\"), \"env:NAME\" or \"file:PATH\"",
      "type": "string",
      "reference": true
     },
     "username": {
      "description": "the user of the password",
      "type": "string"
     },
     "password": {
      "description": "the password: secret(\"name\"), \"env:NAME\" or \"file:PATH\"",
      "type": "string",
      "reference": true
     },
     "ssh_key": {
      "description": "the private key: secret(\"name\"), \"env:NAME\" or \"file:PATH\"",
      "type": "string",
      "reference": true
     },
     "ssh_key_path": {
      "description": "file of the private key on the worker",
      "type": "string"
     }
    },
    "required": [
     "type"
    ],
    "additionalProperties": false
   },
   "sync_policy": {
    "description": "pruning, retries, health and hooks",
    "type": "object",
    "properties": {
     "auto_prune": {
      "description": "delete what the repository no longer has; off unless asked",
      "type": "boolean"
     },
     "self_heal": {
      "description": "put back what others changed in the cluster",
      "type": "boolean"
     },
     "retry": {
      "description": "attempts of a sync",
      "type": "object",
      "properties": {
       "limit": {
        "description": "further attempts; 3 unless said otherwise",
        "type": "number"
       },
       "backoff": {
        "description": "how the pauses grow",
        "anyOf": [
         {
          "type": "string",
          "enum": [
           "exponential",
           "linear",
           "fixed"
          ]
         },
         {
          "type": "object",
          "properties": {
           "duration": {
            "description": "the first pause",
            "duration": true,
            "type": [
             "string",
             "number"
            ]
           },
           "factor": {
            "description": "how much longer each pause is",
            "type": "number"
           },
           "jitter": {
            "description": "share of a pause that chance decides",
            "type": "number"
           },
           "max_duration": {
            "description": "the longest pause",
            "duration": true,
            "type": [
             "string",
             "number"
            ]
           }
          },
          "additionalProperties": false
         }
        ]
       },
       "max_duration": {
        "description": "the longest pause",
        "duration": true,
        "type": [
         "string",
         "number"
        ]
       }
      },
      "additionalProperties": false
     },
     "health_check": {
      "description": "what healthy means and how long to wait for it",
      "type": "object",
      "properties": {
       "enabled": {
        "description": "false: do not wait for health",
        "type": "boolean"
       },
       "timeout": {
        "description": "how long to wait for health; 5m unless said otherwise",
        "duration": true,
        "type": [
         "string",
         "number"
        ]
       },
       "failure_mode": {
        "description": "what follows when it does not become healthy; rollback when rollback_on_failure is set, else fail",
        "type": "string",
        "enum": [
         "ignore",
         "fail",
         "rollback"
        ]
       },
       "stable_for": {
        "description": "how long it must stay healthy",
        "duration": true,
        "type": [
         "string",
         "number"
        ]
       },
       "checks": {
        "description": "what is asked besides the objects",
        "type": "array",
        "items": {
         "type": "object",
         "properties": {
          "type": {
           "type": "string",
           "enum": [
            "http",
            "metric",
            "lua"
           ],
           "description": "what is asked: an address, a metric, or a script"
          },
          "name": {
           "description": "as reports call it",
           "type": "string"
          },
          "url": {
           "description": "the address, or that of the metrics server",
           "type": "string"
          },
          "method": {
           "description": "GET unless said otherwise",
           "type": "string"
          },
          "expect_status": {
           "description": "status codes that are fine: 200, \"2xx\", or a list; 2xx unless said otherwise",
           "anyOf": [
            {
             "type": "number"
            },
            {
             "type": "string"
            },
            {
             "type": "array",
             "items": {
              "type": [
               "number",
               "string"
              ]
             }
            }
           ]
          },
          "body_contains": {
           "description": "text that the answer must hold",
           "type": "string"
          },
          "headers": {
           "description": "headers of the request",
           "type": "object",
           "propertyNames": {
            "type": "string"
           },
           "additionalProperties": {
            "type": "string"
           }
          },
          "provider": {
           "description": "kind of metrics server",
           "type": "string",
           "enum": [
            "prometheus"
           ]
          },
          "query": {
           "description": "the query of the metric",
           "type": "string"
          },
          "threshold": {
           "description": "the range that the metric must stay in",
           "type": "object",
           "properties": {
            "min": {
             "description": "smallest value that is fine",
             "type": "number"
            },
            "max": {
             "description": "largest value that is fine",
             "type": "number"
            }
           },
           "additionalProperties": false
          },
          "script": {
           "description": "a Lua health script",
           "type": "string"
          },
          "timeout": {
           "description": "how long one request may take",
           "duration": true,
           "type": [
            "string",
            "number"
           ]
          },
          "interval": {
           "description": "time between two requests",
           "duration": true,
           "type": [
            "string",
            "number"
           ]
          },
          "count": {
           "description": "how many requests must be fine",
           "type": "number"
          },
          "failures": {
           "description": "how many in a row may fail",
           "type": "number"
          },
          "failure_limit": {
           "description": "how many may fail in all",
           "type": "number"
          }
         },
         "required": [
          "type"
         ],
         "additionalProperties": false
        }
       }
      },
      "additionalProperties": false
     },
     "pre_sync_hooks": {
      "description": "shell lines before a sync; one that fails, fails it",
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "post_sync_hooks": {
      "description": "shell lines after a sync; one that fails warns",
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "sync_options": {
      "description": "options of Argo CD, \"Prune=false\"",
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    },
    "additionalProperties": false
   },
   "validation_required": {
    "description": "policy warnings and conflicts block a sync",
    "type": "boolean"
   },
   "approval_required": {
    "description": "people approve each plan before its first write",
    "anyOf": [
     {
      "type": "boolean"
     },
     {
      "type": "object",
      "properties": {
       "approvals": {
        "description": "how many different people; 1 unless said otherwise",
        "type": "number"
       },
       "two_person": {
        "description": "whoever asks for a sync may not approve it",
        "type": "boolean"
       },
       "expires": {
        "description": "then the sync ends unapproved; never unless said otherwise",
        "duration": true,
        "type": [
         "string",
         "number"
        ]
       },
       "approvers": {
        "description": "who may approve; everybody unless said otherwise",
        "minItems": 1,
        "type": "array",
        "items": {
         "type": "string",
         "minLength": 1
        }
       }
      },
      "additionalProperties": false
     }
    ]
   },
   "environment": {
    "description": "the environment it belongs to",
    "type": "string"
   },
   "project": {
    "description": "the project it belongs to; default unless said otherwise",
    "type": "string"
   },
   "adopt": {
    "description": "take over the name of an application that points elsewhere",
    "type": "boolean"
   },
   "conflict_resolution": {
    "description": "what happens with fields that others own",
    "type": "string",
    "enum": [
     "fail",
     "force",
     "yield",
     "auto"
    ]
   },
   "ignore_differences": {
    "description": "fields that are left to others",
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "group": {
       "description": "API group; all when absent",
       "type": "string"
      },
      "kind": {
       "description": "kind; all when absent",
       "type": "string"
      },
      "name": {
       "description": "name of the object; all when absent",
       "type": "string"
      },
      "namespace": {
       "description": "namespace of the object; all when absent",
       "type": "string"
      },
      "json_pointers": {
       "description": "fields to leave alone, \"/spec/replicas\"",
       "type": "array",
       "items": {
        "type": "string"
       }
      },
      "jsonPointers": {
       "description": "json_pointers, as Argo CD spells it",
       "type": "array",
       "items": {
        "type": "string"
       }
      },
      "managers": {
       "description": "field managers whose fields are left alone",
       "type": "array",
       "items": {
        "type": "string"
       }
      },
      "managedFieldsManagers": {
       "description": "managers, as Argo CD spells it",
       "type": "array",
       "items": {
        "type": "string"
       }
      }
     },
     "additionalProperties": false
    }
   },
   "metadata": {
    "description": "anything of yours; it has no effect",
    "type": "object",
    "propertyNames": {
     "type": "string"
    },
    "additionalProperties": {}
   },
   "repos": {
    "description": "further sources, later ones win",
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "repo": {
       "description": "address, path, owner/name or id of the repository",
       "type": "string"
      },
      "repository": {
       "description": "another name of repo",
       "type": "string"
      },
      "branch": {
       "description": "the branch; main unless said otherwise",
       "type": "string"
      },
      "path": {
       "description": "folder inside the repository",
       "type": "string"
      },
      "target_path": {
       "description": "another name of path",
       "type": "string"
      },
      "credentials": {
       "description": "how the repository is reached",
       "type": "object",
       "properties": {
        "type": {
         "type": "string",
         "enum": [
          "token",
          "ssh",
          "userpass"
         ],
         "description": "how the repository is reached"
        },
        "token": {
         "description": "an access token: secret(\"name\"), \"env:NAME\" or \"file:PATH\"",
         "type": "string",
         "reference": true
        },
        "username": {
         "description": "the user of the password",
         "type": "string"
        },
        "password": {
         "description": "the password: secret(\"name\"), \"env:NAME\" or \"file:PATH\"",
         "type": "string",
         "reference": true
        },
        "ssh_key": {
         "description": "the private key: secret(\"name\"), \"env:NAME\" or \"file:PATH\"",
         "type": "string",
         "reference": true
        },
        "ssh_key_path": {
         "description": "file of the private key on the worker",
         "type": "string"
        }
       },
       "required": [
        "type"
       ],
       "additionalProperties": false
      },
      "render": {
       "description": "how the path becomes objects",
       "type": "object",
       "properties": {
        "type": {
         "description": "how the path becomes objects; found out when absent",
         "type": "string",
         "enum": [
          "plain",
          "kustomize",
          "helm"
         ]
        },
        "recurse": {
         "description": "read folders below as well",
         "type": "boolean"
        },
        "include": {
         "description": "only files like these, globs",
         "anyOf": [
          {
           "type": "string"
          },
          {
           "type": "array",
           "items": {
            "type": "string"
           }
          }
         ]
        },
        "exclude": {
         "description": "no files like these, globs",
         "anyOf": [
          {
           "type": "string"
          },
          {
           "type": "array",
           "items": {
            "type": "string"
           }
          }
         ]
        },
        "variables": {
         "description": "values for ${NAME} in plain manifests",
         "type": "object",
         "propertyNames": {
          "type": "string"
         },
         "additionalProperties": {
          "type": [
           "string",
           "number",
           "boolean"
          ]
         }
        },
        "helm": {
         "description": "how a chart is rendered",
         "type": "object",
         "properties": {
          "release_name": {
           "description": "name of the release; that of the application unless said otherwise",
           "type": "string"
          },
          "namespace": {
           "description": "namespace of the release",
           "type": "string"
          },
          "values_files": {
           "description": "values files of the chart, later ones win",
           "anyOf": [
            {
             "type": "string"
            },
            {
             "type": "array",
             "items": {
              "type": "string"
             }
            }
           ]
          },
          "values": {
           "description": "values of the chart",
           "type": "object",
           "propertyNames": {
            "type": "string"
           },
           "additionalProperties": {}
          },
          "parameters": {
           "description": "single values by path, \"image.tag\"",
           "type": "object",
           "propertyNames": {
            "type": "string"
           },
           "additionalProperties": {
            "type": [
             "string",
             "number",
             "boolean"
            ]
           }
          },
          "set": {
           "description": "single values by path, as helm --set",
           "type": "object",
           "propertyNames": {
            "type": "string"
           },
           "additionalProperties": {
            "type": [
             "string",
             "number",
             "boolean"
            ]
           }
          },
          "skip_crds": {
           "description": "leave out the definitions of the chart",
           "type": "boolean"
          },
          "include_crds": {
           "description": "take the definitions of the chart along",
           "type": "boolean"
          },
          "skip_tests": {
           "description": "leave out the tests of the chart",
           "type": "boolean"
          },
          "kube_version": {
           "description": "version of Kubernetes the chart is told",
           "type": "string"
          },
          "api_versions": {
           "description": "API versions the chart is told",
           "anyOf": [
            {
             "type": "string"
            },
            {
             "type": "array",
             "items": {
              "type": "string"
             }
            }
           ]
          },
          "skip_schema_validation": {
           "description": "do not check the values against the chart's schema",
           "type": "boolean"
          }
         },
         "additionalProperties": false
        }
       },
       "additionalProperties": false
      }
     },
     "additionalProperties": false
    }
   },
   "branch_strategy": {
    "description": "how branches map to environments; kept, without effect yet"
   },
   "policies": {
    "description": "a folder inside path, or a list of policies in the short form"
   },
   "sync_windows": {
    "description": "when syncs may run",
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "kind": {
       "type": "string",
       "enum": [
        "allow",
        "deny"
       ],
       "description": "deny beats allow; with an allow, all other times are closed"
      },
      "schedule": {
       "type": "string",
       "description": "when it begins: five cron fields, \"0 22 * * 1-5\""
      },
      "duration": {
       "duration": true,
       "description": "how long it lasts, \"8h\"",
       "type": [
        "string",
        "number"
       ]
      },
      "time_zone": {
       "description": "in which the schedule is read, \"Europe/Berlin\"; UTC unless said otherwise",
       "type": "string"
      },
      "applications": {
       "description": "patterns of names; all unless said otherwise",
       "minItems": 1,
       "type": "array",
       "items": {
        "type": "string"
       }
      },
      "environments": {
       "description": "patterns of environments; all unless said otherwise",
       "minItems": 1,
       "type": "array",
       "items": {
        "type": "string"
       }
      },
      "clusters": {
       "description": "patterns of clusters; all unless said otherwise",
       "minItems": 1,
       "type": "array",
       "items": {
        "type": "string"
       }
      },
      "namespaces": {
       "description": "patterns of namespaces; all unless said otherwise",
       "minItems": 1,
       "type": "array",
       "items": {
        "type": "string"
       }
      },
      "manual_sync": {
       "description": "a person may sync although it closes",
       "type": "boolean"
      },
      "description": {
       "description": "what it is called in messages",
       "type": "string"
      }
     },
     "required": [
      "kind",
      "schedule",
      "duration"
     ],
     "additionalProperties": false
    }
   },
   "depends_on": {
    "description": "applications that must be healthy first; kept, without effect yet"
   },
   "notifications": {
    "description": "who is told how a sync went",
    "type": "object",
    "properties": {
     "commit_status": {
      "description": "status of each commit that is synced",
      "type": "object",
      "properties": {
       "provider": {
        "description": "told by the host where that is github.com, gitlab.com or codeberg.org",
        "type": "string",
        "enum": [
         "github",
         "gitlab",
         "gitea",
         "forgejo"
        ]
       },
       "api": {
        "description": "base address of the API; made from the host of the repository",
        "type": "string"
       },
       "repository": {
        "description": "\"owner/name\"; made from the address of the repository",
        "type": "string"
       },
       "token": {
        "type": "string",
        "reference": true,
        "description": "secret(\"name\"), \"env:NAME\" or \"file:PATH\""
       },
       "context": {
        "description": "under which the status stands; \"sloth-runner/<name>\"",
        "type": "string"
       },
       "target_url": {
        "description": "where its link leads: \"https://ops.example/{app}/{sync}\"",
        "type": "string"
       }
      },
      "required": [
       "token"
      ],
      "additionalProperties": false
     },
     "pull_request": {
      "description": "where diffs become comments; as commit_status when absent",
      "type": "object",
      "properties": {
       "provider": {
        "description": "told by the host where that is github.com, gitlab.com or codeberg.org",
        "type": "string",
        "enum": [
         "github",
         "gitlab",
         "gitea",
         "forgejo"
        ]
       },
       "api": {
        "description": "base address of the API; made from the host of the repository",
        "type": "string"
       },
       "repository": {
        "description": "\"owner/name\"; made from the address of the repository",
        "type": "string"
       },
       "token": {
        "type": "string",
        "reference": true,
        "description": "secret(\"name\"), \"env:NAME\" or \"file:PATH\""
       }
      },
      "required": [
       "token"
      ],
      "additionalProperties": false
     },
     "slack": {
      "description": "Slack channels",
      "anyOf": [
       {
        "type": "object",
        "properties": {
         "webhook_url": {
          "interpolated": true,
          "description": "incoming webhook; whoever knows it can post, so give secret(\"name\")",
          "type": [
           "string",
           "number"
          ]
         },
         "message": {
          "description": "\"{app}: {sync} {status}: {message}\" unless said otherwise",
          "type": "string"
         },
         "channel": {
          "description": "where to post, when the webhook allows it",
          "type": "string"
         },
         "username": {
          "description": "name shown as the sender",
          "type": "string"
         },
         "icon_emoji": {
          "description": "\":rocket:\"",
          "type": "string"
         },
         "color": {
          "description": "\"good\", \"warning\", \"danger\" or \"#rrggbb\"",
          "type": "string"
         },
         "timeout": {
          "description": "\"30s\" (the default) or seconds",
          "duration": true,
          "type": [
           "string",
           "number"
          ]
         },
         "on": {
          "description": "when; all but on-succeeded unless said otherwise",
          "type": "array",
          "items": {
           "type": "string",
           "enum": [
            "on-succeeded",
            "on-failed",
            "on-degraded",
            "on-rolled-back",
            "on-approval-needed"
           ]
          }
         }
        },
        "required": [
         "webhook_url"
        ],
        "additionalProperties": false
       },
       {
        "type": "array",
        "items": {
         "type": "object",
         "properties": {
          "webhook_url": {
           "interpolated": true,
           "description": "incoming webhook; whoever knows it can post, so give secret(\"name\")",
           "type": [
            "string",
            "number"
           ]
          },
          "message": {
           "description": "\"{app}: {sync} {status}: {message}\" unless said otherwise",
           "type": "string"
          },
          "channel": {
           "description": "where to post, when the webhook allows it",
           "type": "string"
          },
          "username": {
           "description": "name shown as the sender",
           "type": "string"
          },
          "icon_emoji": {
           "description": "\":rocket:\"",
           "type": "string"
          },
          "color": {
           "description": "\"good\", \"warning\", \"danger\" or \"#rrggbb\"",
           "type": "string"
          },
          "timeout": {
           "description": "\"30s\" (the default) or seconds",
           "duration": true,
           "type": [
            "string",
            "number"
           ]
          },
          "on": {
           "description": "when; all but on-succeeded unless said otherwise",
           "type": "array",
           "items": {
            "type": "string",
            "enum": [
             "on-succeeded",
             "on-failed",
             "on-degraded",
             "on-rolled-back",
             "on-approval-needed"
            ]
           }
          }
         },
         "required": [
          "webhook_url"
         ],
         "additionalProperties": false
        }
       }
      ]
     },
     "teams": {
      "description": "Teams channels",
      "anyOf": [
       {
        "type": "object",
        "properties": {
         "webhook_url": {
          "interpolated": true,
          "description": "incoming webhook; whoever knows it can post, so give secret(\"name\")",
          "type": [
           "string",
           "number"
          ]
         },
         "message": {
          "description": "\"{app}: {sync} {status}: {message}\" unless said otherwise",
          "type": "string"
         },
         "title": {
          "description": "heading of the card",
          "type": "string"
         },
         "timeout": {
          "description": "\"30s\" (the default) or seconds",
          "duration": true,
          "type": [
           "string",
           "number"
          ]
         },
         "on": {
          "description": "when; all but on-succeeded unless said otherwise",
          "type": "array",
          "items": {
           "type": "string",
           "enum": [
            "on-succeeded",
            "on-failed",
            "on-degraded",
            "on-rolled-back",
            "on-approval-needed"
           ]
          }
         }
        },
        "required": [
         "webhook_url"
        ],
        "additionalProperties": false
       },
       {
        "type": "array",
        "items": {
         "type": "object",
         "properties": {
          "webhook_url": {
           "interpolated": true,
           "description": "incoming webhook; whoever knows it can post, so give secret(\"name\")",
           "type": [
            "string",
            "number"
           ]
          },
          "message": {
           "description": "\"{app}: {sync} {status}: {message}\" unless said otherwise",
           "type": "string"
          },
          "title": {
           "description": "heading of the card",
           "type": "string"
          },
          "timeout": {
           "description": "\"30s\" (the default) or seconds",
           "duration": true,
           "type": [
            "string",
            "number"
           ]
          },
          "on": {
           "description": "when; all but on-succeeded unless said otherwise",
           "type": "array",
           "items": {
            "type": "string",
            "enum": [
             "on-succeeded",
             "on-failed",
             "on-degraded",
             "on-rolled-back",
             "on-approval-needed"
            ]
           }
          }
         },
         "required": [
          "webhook_url"
         ],
         "additionalProperties": false
        }
       }
      ]
     },
     "ntfy": {
      "description": "ntfy topics",
      "anyOf": [
       {
        "type": "object",
        "properties": {
         "server": {
          "description": "default \"https://ntfy.sh\"",
          "interpolated": true,
          "type": [
           "string",
           "number"
          ]
         },
         "topic": {
          "interpolated": true,
          "description": "whoever knows it can read it",
          "type": [
           "string",
           "number"
          ]
         },
         "message": {
          "description": "\"{app}: {sync} {status}: {message}\" unless said otherwise",
          "type": "string"
         },
         "title": {
          "description": "heading",
          "type": "string"
         },
         "priority": {
          "description": "a word, or 1 to 5",
          "anyOf": [
           {
            "type": "string",
            "enum": [
             "min",
             "low",
             "default",
             "high",
             "max",
             "urgent"
            ]
           },
           {
            "type": "number"
           }
          ]
         },
         "tags": {
          "description": "words or emoji names",
          "type": "array",
          "items": {
           "type": "string"
          }
         },
         "click": {
          "description": "URL to open",
          "type": "string"
         },
         "token": {
          "description": "access token: secret(\"name\") or \"env:NAME\"",
          "type": "string",
          "reference": true
         },
         "timeout": {
          "description": "\"30s\" (the default) or seconds",
          "duration": true,
          "type": [
           "string",
           "number"
          ]
         },
         "on": {
          "description": "when; all but on-succeeded unless said otherwise",
          "type": "array",
          "items": {
           "type": "string",
           "enum": [
            "on-succeeded",
            "on-failed",
            "on-degraded",
            "on-rolled-back",
            "on-approval-needed"
           ]
          }
         }
        },
        "required": [
         "topic"
        ],
        "additionalProperties": false
       },
       {
        "type": "array",
        "items": {
         "type": "object",
         "properties": {
          "server": {
           "description": "default \"https://ntfy.sh\"",
           "interpolated": true,
           "type": [
            "string",
            "number"
           ]
          },
          "topic": {
           "interpolated": true,
           "description": "whoever knows it can read it",
           "type": [
            "string",
            "number"
           ]
          },
          "message": {
           "description": "\"{app}: {sync} {status}: {message}\" unless said otherwise",
           "type": "string"
          },
          "title": {
           "description": "heading",
           "type": "string"
          },
          "priority": {
           "description": "a word, or 1 to 5",
           "anyOf": [
            {
             "type": "string",
             "enum": [
              "min",
              "low",
              "default",
              "high",
              "max",
              "urgent"
             ]
            },
            {
             "type": "number"
            }
           ]
          },
          "tags": {
           "description": "words or emoji names",
           "type": "array",
           "items": {
            "type": "string"
           }
          },
          "click": {
           "description": "URL to open",
           "type": "string"
          },
          "token": {
           "description": "access token: secret(\"name\") or \"env:NAME\"",
           "type": "string",
           "reference": true
          },
          "timeout": {
           "description": "\"30s\" (the default) or seconds",
           "duration": true,
           "type": [
            "string",
            "number"
           ]
          },
          "on": {
           "description": "when; all but on-succeeded unless said otherwise",
           "type": "array",
           "items": {
            "type": "string",
            "enum": [
             "on-succeeded",
             "on-failed",
             "on-degraded",
             "on-rolled-back",
             "on-approval-needed"
            ]
           }
          }
         },
         "required": [
          "topic"
         ],
         "additionalProperties": false
        }
       }
      ]
     },
     "webhook": {
      "description": "addresses that are sent the record as JSON",
      "anyOf": [
       {
        "type": "object",
        "properties": {
         "url": {
          "interpolated": true,
          "description": "where to send it",
          "type": [
           "string",
           "number"
          ]
         },
         "method": {
          "description": "default \"POST\"",
          "type": "string"
         },
         "headers": {
          "description": "name -> value; a value may hold secret(\"name\")",
          "type": "object",
          "propertyNames": {
           "type": "string"
          },
          "additionalProperties": {
           "interpolated": true,
           "type": [
            "string",
            "number"
           ]
          }
         },
         "timeout": {
          "description": "\"30s\" (the default) or seconds",
          "duration": true,
          "type": [
           "string",
           "number"
          ]
         },
         "on": {
          "description": "when; all but on-succeeded unless said otherwise",
          "type": "array",
          "items": {
           "type": "string",
           "enum": [
            "on-succeeded",
            "on-failed",
            "on-degraded",
            "on-rolled-back",
            "on-approval-needed"
           ]
          }
         }
        },
        "required": [
         "url"
        ],
        "additionalProperties": false
       },
       {
        "type": "array",
        "items": {
         "type": "object",
         "properties": {
          "url": {
           "interpolated": true,
           "description": "where to send it",
           "type": [
            "string",
            "number"
           ]
          },
          "method": {
           "description": "default \"POST\"",
           "type": "string"
          },
          "headers": {
           "description": "name -> value; a value may hold secret(\"name\")",
           "type": "object",
           "propertyNames": {
            "type": "string"
           },
           "additionalProperties": {
            "interpolated": true,
            "type": [
             "string",
             "number"
            ]
           }
          },
          "timeout": {
           "description": "\"30s\" (the default) or seconds",
           "duration": true,
           "type": [
            "string",
            "number"
           ]
          },
          "on": {
           "description": "when; all but on-succeeded unless said otherwise",
           "type": "array",
           "items": {
            "type": "string",
            "enum": [
             "on-succeeded",
             "on-failed",
             "on-degraded",
             "on-rolled-back",
             "on-approval-needed"
            ]
           }
          }
         },
         "required": [
          "url"
         ],
         "additionalProperties": false
        }
       }
      ]
     },
     "email": {
      "description": "mail",
      "anyOf": [
       {
        "type": "object",
        "properties": {
         "host": {
          "type": "string",
          "description": "SMTP server"
         },
         "port": {
          "description": "default 587, or 465 with secure",
          "type": "number"
         },
         "secure": {
          "description": "TLS from the start; otherwise STARTTLS is required",
          "type": "boolean"
         },
         "allow_plain": {
          "description": "send also where the server offers no TLS",
          "type": "boolean"
         },
         "username": {
          "description": "of the account at the SMTP server",
          "interpolated": true,
          "type": [
           "string",
           "number"
          ]
         },
         "password": {
          "description": "secret(\"name\") or \"env:NAME\"",
          "type": "string",
          "reference": true
         },
         "from": {
          "type": "string",
          "description": "address of the sender"
         },
         "to": {
          "anyOf": [
           {
            "type": "string"
           },
           {
            "type": "array",
            "items": {
             "type": "string"
            }
           }
          ],
          "description": "one address, or a list"
         },
         "cc": {
          "description": "one address, or a list",
          "anyOf": [
           {
            "type": "string"
           },
           {
            "type": "array",
            "items": {
             "type": "string"
            }
           }
          ]
         },
         "subject": {
          "description": "subject line",
          "type": "string"
         },
         "message": {
          "description": "\"{app}: {sync} {status}: {message}\" unless said otherwise",
          "type": "string"
         },
         "timeout": {
          "description": "\"30s\" (the default) or seconds",
          "duration": true,
          "type": [
           "string",
           "number"
          ]
         },
         "on": {
          "description": "when; all but on-succeeded unless said otherwise",
          "type": "array",
          "items": {
           "type": "string",
           "enum": [
            "on-succeeded",
            "on-failed",
            "on-degraded",
            "on-rolled-back",
            "on-approval-needed"
           ]
          }
         }
        },
        "required": [
         "host",
         "from",
         "to"
        ],
        "additionalProperties": false
       },
       {
        "type": "array",
        "items": {
         "type": "object",
         "properties": {
          "host": {
           "type": "string",
           "description": "SMTP server"
          },
          "port": {
           "description": "default 587, or 465 with secure",
           "type": "number"
          },
          "secure": {
           "description": "TLS from the start; otherwise STARTTLS is required",
           "type": "boolean"
          },
          "allow_plain": {
           "description": "send also where the server offers no TLS",
           "type": "boolean"
          },
          "username": {
           "description": "of the account at the SMTP server",
           "interpolated": true,
           "type": [
            "string",
            "number"
           ]
          },
          "password": {
           "description": "secret(\"name\") or \"env:NAME\"",
           "type": "string",
           "reference": true
          },
          "from": {
           "type": "string",
           "description": "address of the sender"
          },
          "to": {
           "anyOf": [
            {
             "type": "string"
            },
            {
             "type": "array",
             "items": {
              "type": "string"
             }
            }
           ],
           "description": "one address, or a list"
          },
          "cc": {
           "description": "one address, or a list",
           "anyOf": [
            {
             "type": "string"
            },
            {
             "type": "array",
             "items": {
              "type": "string"
             }
            }
           ]
          },
          "subject": {
           "description": "subject line",
           "type": "string"
          },
          "message": {
           "description": "\"{app}: {sync} {status}: {message}\" unless said otherwise",
           "type": "string"
          },
          "timeout": {
           "description": "\"30s\" (the default) or seconds",
           "duration": true,
           "type": [
            "string",
            "number"
           ]
          },
          "on": {
           "description": "when; all but on-succeeded unless said otherwise",
           "type": "array",
           "items": {
            "type": "string",
            "enum": [
             "on-succeeded",
             "on-failed",
             "on-degraded",
             "on-rolled-back",
             "on-approval-needed"
            ]
           }
          }
         },
         "required": [
          "host",
          "from",
          "to"
         ],
         "additionalProperties": false
        }
       }
      ]
     }
    },
    "additionalProperties": false
   },
   "render": {
    "description": "how the path becomes objects",
    "type": "object",
    "properties": {
     "type": {
      "description": "how the path becomes objects; found out when absent",
      "type": "string",
      "enum": [
       "plain",
       "kustomize",
       "helm"
      ]
     },
     "recurse": {
      "description": "read folders below as well",
      "type": "boolean"
     },
     "include": {
      "description": "only files like these, globs",
      "anyOf": [
       {
        "type": "string"
       },
       {
        "type": "array",
        "items": {
         "type": "string"
        }
       }
      ]
     },
     "exclude": {
      "description": "no files like these, globs",
      "anyOf": [
       {
        "type": "string"
       },
       {
        "type": "array",
        "items": {
         "type": "string"
        }
       }
      ]
     },
     "variables": {
      "description": "values for ${NAME} in plain manifests",
      "type": "object",
      "propertyNames": {
       "type": "string"
      },
      "additionalProperties": {
       "type": [
        "string",
        "number",
        "boolean"
       ]
      }
     },
     "helm": {
      "description": "how a chart is rendered",
      "type": "object",
      "properties": {
       "release_name": {
        "description": "name of the release; that of the application unless said otherwise",
        "type": "string"
       },
       "namespace": {
        "description": "namespace of the release",
        "type": "string"
       },
       "values_files": {
        "description": "values files of the chart, later ones win",
        "anyOf": [
         {
          "type": "string"
         },
         {
          "type": "array",
          "items": {
           "type": "string"
          }
         }
        ]
       },
       "values": {
        "description": "values of the chart",
        "type": "object",
        "propertyNames": {
         "type": "string"
        },
        "additionalProperties": {}
       },
       "parameters": {
        "description": "single values by path, \"image.tag\"",
        "type": "object",
        "propertyNames": {
         "type": "string"
        },
        "additionalProperties": {
         "type": [
          "string",
          "number",
          "boolean"
         ]
        }
       },
       "set": {
        "description": "single values by path, as helm --set",
        "type": "object",
        "propertyNames": {
         "type": "string"
        },
        "additionalProperties": {
         "type": [
          "string",
          "number",
          "boolean"
         ]
        }
       },
       "skip_crds": {
        "description": "leave out the definitions of the chart",
        "type": "boolean"
       },
       "include_crds": {
        "description": "take the definitions of the chart along",
        "type": "boolean"
       },
       "skip_tests": {
        "description": "leave out the tests of the chart",
        "type": "boolean"
       },
       "kube_version": {
        "description": "version of Kubernetes the chart is told",
        "type": "string"
       },
       "api_versions": {
        "description": "API versions the chart is told",
        "anyOf": [
         {
          "type": "string"
         },
         {
          "type": "array",
          "items": {
           "type": "string"
          }
         }
        ]
       },
       "skip_schema_validation": {
        "description": "do not check the values against the chart's schema",
        "type": "boolean"
       }
      },
      "additionalProperties": false
     }
    },
    "additionalProperties": false
   }
  }
 },
 "repository": {
  "type": "object",
  "properties": {
   "url": {
    "description": "address of the repository",
    "type": "string"
   },
   "repo": {
    "description": "another name of url",
    "type": "string"
   },
   "branch": {
    "description": "the branch; main unless said otherwise",
    "type": "string"
   },
   "id": {
    "description": "the id it is registered under; made from the address when absent",
    "type": "string"
   },
   "name": {
    "description": "a name for people",
    "type": "string"
   },
   "credentials": {
    "description": "how the repository is reached",
    "type": "object",
    "properties": {
     "type": {
      "type": "string",
      "enum": [
       "token",
       "ssh",
       "userpass"
      ],
      "description": "how the repository is reached"
     },
     "token": {
      "description": "an access token: secret(\"name\"), \"env:NAME\" or \"file:PATH\"",
      "type": "string",
      "reference": true
     },
     "username": {
      "description": "the user of the password",
      "type": "string"
     },
     "password": {
      "description": "the password: secret(\"name\"), \"env:NAME\" or \"file:PATH\"",
      "type": "string",
      "reference": true
     },
     "ssh_key": {
      "description": "the private key: secret(\"name\"), \"env:NAME\" or \"file:PATH\"",
      "type": "string",
      "reference": true
     },
     "ssh_key_path": {
      "description": "file of the private key on the worker",
      "type": "string"
     }
    },
    "required": [
     "type"
    ],
    "additionalProperties": false
   },
   "metadata": {
    "description": "anything of yours; it has no effect",
    "type": "object",
    "propertyNames": {
     "type": "string"
    },
    "additionalProperties": {}
   }
  }
 },
 "sync": {
  "type": "object",
  "properties": {
   "revision": {
    "description": "branch, tag or commit instead of the declared branch",
    "type": "string"
   },
   "dry_run": {
    "description": "check against the server, write nothing",
    "type": "boolean"
   },
   "prune": {
    "description": "delete what the repository no longer has",
    "type": "boolean"
   },
   "allow_shrink": {
    "description": "accept a set that lost a large part of its objects",
    "type": "boolean"
   },
   "resources": {
    "description": "only these, \"GROUP:KIND:NAME\" each",
    "type": "array",
    "items": {
     "type": "string"
    }
   },
   "timeout": {
    "description": "how long the sync may take",
    "duration": true,
    "type": [
     "string",
     "number"
    ]
   },
   "wait": {
    "description": "false: give back at once, the sync goes on",
    "type": "boolean"
   }
  }
 },
 "diff": {
  "type": "object",
  "properties": {
   "revision": {
    "description": "branch, tag or commit to compare with",
    "type": "string"
   }
  }
 },
 "list": {
  "type": "object",
  "properties": {
   "status": {
    "description": "only those of this status",
    "type": "string"
   },
   "name": {
    "description": "only the one of this name",
    "type": "string"
   },
   "repository": {
    "description": "only those of this repository",
    "type": "string"
   },
   "auto_sync": {
    "description": "only those that sync by themselves, or do not",
    "type": "boolean"
   }
  }
 },
 "rollback": {
  "type": "object",
  "properties": {
   "to": {
    "description": "what kind of target",
    "type": "string",
    "enum": [
     "previous",
     "commit",
     "timestamp",
     "sync"
    ]
   },
   "commit": {
    "description": "the commit to go back to",
    "type": "string"
   },
   "timestamp": {
    "description": "RFC 3339: the last healthy sync before it",
    "type": "string"
   },
   "sync_id": {
    "description": "the sync to go back to, \"sync-3\"",
    "type": "string"
   }
  }
 },
 "wait": {
  "type": "object",
  "properties": {
   "status": {
    "description": "the status to wait for, such as \"synced\"",
    "type": "string"
   },
   "health": {
    "description": "the health to wait for, such as \"Healthy\"",
    "type": "string"
   },
   "timeout": {
    "description": "how long to wait",
    "duration": true,
    "type": [
     "string",
     "number"
    ]
   }
  }
 },
 "approve": {
  "type": "object",
  "properties": {
   "digest": {
    "description": "of the plan that was looked at; the one that waits otherwise",
    "type": "string"
   },
   "reason": {
    "description": "why; a rejection must say",
    "type": "string"
   },
   "reject": {
    "description": "true: the plan is rejected, and its sync fails",
    "type": "boolean"
   }
  }
 },
 "delete": {
  "type": "object",
  "properties": {
   "prune": {
    "description": "delete what it owns in the cluster as well; true unless said otherwise",
    "type": "boolean"
   }
  }
 },
 "http": {
  "type": "object",
  "properties": {
   "headers": {
    "description": "header name -> text; \"Bearer \" .. secret(\"name\") is allowed",
    "type": "object",
    "propertyNames": {
     "type": "string"
    },
    "additionalProperties": {
     "interpolated": true,
     "type": [
      "string",
      "number"
     ]
    }
   },
   "body": {
    "description": "text to send, or a table, which is sent as JSON",
    "interpolated": true
   },
   "json": {
    "description": "a table to send as JSON",
    "interpolated": true
   },
   "form": {
    "description": "fields to send as a form",
    "type": "object",
    "propertyNames": {
     "type": "string"
    },
    "additionalProperties": {
     "interpolated": true,
     "type": [
      "string",
      "number"
     ]
    }
   },
   "query": {
    "description": "parameters to add to the URL",
    "type": "object",
    "propertyNames": {
     "type": "string"
    },
    "additionalProperties": {
     "interpolated": true
    }
   },
   "timeout": {
    "description": "of each attempt: \"30s\" (the default) or seconds",
    "duration": true,
    "type": [
     "string",
     "number"
    ]
   },
   "retries": {
    "description": "further attempts; default 3 for GET and HEAD, else 0",
    "type": "number"
   },
   "follow_redirects": {
    "description": "default true",
    "type": "boolean"
   }
  },
  "additionalProperties": false
 },
 "httpRequest": {
  "type": "object",
  "properties": {
   "url": {
    "interpolated": true,
    "description": "http or https",
    "type": [
     "string",
     "number"
    ]
   },
   "method": {
    "description": "default \"GET\"",
    "type": "string"
   },
   "headers": {
    "description": "header name -> text; \"Bearer \" .. secret(\"name\") is allowed",
    "type": "object",
    "propertyNames": {
     "type": "string"
    },
    "additionalProperties": {
     "interpolated": true,
     "type": [
      "string",
      "number"
     ]
    }
   },
   "body": {
    "description": "text to send, or a table, which is sent as JSON",
    "interpolated": true
   },
   "json": {
    "description": "a table to send as JSON",
    "interpolated": true
   },
   "form": {
    "description": "fields to send as a form",
    "type": "object",
    "propertyNames": {
     "type": "string"
    },
    "additionalProperties": {
     "interpolated": true,
     "type": [
      "string",
      "number"
     ]
    }
   },
   "query": {
    "description": "parameters to add to the URL",
    "type": "object",
    "propertyNames": {
     "type": "string"
    },
    "additionalProperties": {
     "interpolated": true
    }
   },
   "timeout": {
    "description": "of each attempt: \"30s\" (the default) or seconds",
    "duration": true,
    "type": [
     "string",
     "number"
    ]
   },
   "retries": {
    "description": "further attempts; default 3 for GET and HEAD, else 0",
    "type": "number"
   },
   "follow_redirects": {
    "description": "default true",
    "type": "boolean"
   }
  },
  "required": [
   "url"
  ],
  "additionalProperties": false
 },
 "slack": {
  "type": "object",
  "properties": {
   "webhook_url": {
    "interpolated": true,
    "description": "incoming webhook; whoever knows it can post, so give secret(\"name\")",
    "type": [
     "string",
     "number"
    ]
   },
   "message": {
    "type": "string",
    "description": "the text"
   },
   "channel": {
    "description": "where to post, when the webhook allows it",
    "type": "string"
   },
   "username": {
    "description": "name shown as the sender",
    "type": "string"
   },
   "icon_emoji": {
    "description": "\":rocket:\"",
    "type": "string"
   },
   "color": {
    "description": "\"good\", \"warning\", \"danger\" or \"#rrggbb\"",
    "type": "string"
   },
   "pipeline": {
    "description": "shown below the message",
    "type": "string"
   },
   "error_details": {
    "description": "shown below the message",
    "type": "string"
   },
   "timeout": {
    "description": "\"30s\" (the default) or seconds",
    "duration": true,
    "type": [
     "string",
     "number"
    ]
   }
  },
  "required": [
   "webhook_url",
   "message"
  ],
  "additionalProperties": false
 },
 "teams": {
  "type": "object",
  "properties": {
   "webhook_url": {
    "interpolated": true,
    "description": "incoming webhook; whoever knows it can post, so give secret(\"name\")",
    "type": [
     "string",
     "number"
    ]
   },
   "message": {
    "type": "string",
    "description": "the text"
   },
   "title": {
    "description": "heading of the card",
    "type": "string"
   },
   "pipeline": {
    "description": "shown below the message",
    "type": "string"
   },
   "error_details": {
    "description": "shown below the message",
    "type": "string"
   },
   "timeout": {
    "description": "\"30s\" (the default) or seconds",
    "duration": true,
    "type": [
     "string",
     "number"
    ]
   }
  },
  "required": [
   "webhook_url",
   "message"
  ],
  "additionalProperties": false
 },
 "ntfy": {
  "type": "object",
  "properties": {
   "server": {
    "description": "default \"https://ntfy.sh\"",
    "interpolated": true,
    "type": [
     "string",
     "number"
    ]
   },
   "topic": {
    "interpolated": true,
    "description": "whoever knows it can read it",
    "type": [
     "string",
     "number"
    ]
   },
   "message": {
    "type": "string",
    "description": "the text"
   },
   "title": {
    "description": "heading",
    "type": "string"
   },
   "priority": {
    "description": "a word, or 1 to 5",
    "anyOf": [
     {
      "type": "string",
      "enum": [
       "min",
       "low",
       "default",
       "high",
       "max",
       "urgent"
      ]
     },
     {
      "type": "number"
     }
    ]
   },
   "tags": {
    "description": "words or emoji names",
    "type": "array",
    "items": {
     "type": "string"
    }
   },
   "click": {
    "description": "URL to open",
    "type": "string"
   },
   "token": {
    "description": "access token: secret(\"name\") or \"env:NAME\"",
    "type": "string",
    "reference": true
   },
   "timeout": {
    "description": "\"30s\" (the default) or seconds",
    "duration": true,
    "type": [
     "string",
     "number"
    ]
   }
  },
  "required": [
   "topic",
   "message"
  ],
  "additionalProperties": false
 },
 "webhook": {
  "type": "object",
  "properties": {
   "url": {
    "interpolated": true,
    "description": "where to send it",
    "type": [
     "string",
     "number"
    ]
   },
   "method": {
    "description": "default \"POST\"",
    "type": "string"
   },
   "headers": {
    "description": "name -> value; a value may hold secret(\"name\")",
    "type": "object",
    "propertyNames": {
     "type": "string"
    },
    "additionalProperties": {
     "interpolated": true,
     "type": [
      "string",
      "number"
     ]
    }
   },
   "payload": {
    "description": "a table, sent as JSON, or a text",
    "interpolated": true
   },
   "message": {
    "description": "sent as {\"message\": ...} when there is no payload",
    "type": "string"
   },
   "timeout": {
    "description": "\"30s\" (the default) or seconds",
    "duration": true,
    "type": [
     "string",
     "number"
    ]
   }
  },
  "required": [
   "url"
  ],
  "additionalProperties": false
 },
 "email": {
  "type": "object",
  "properties": {
   "host": {
    "type": "string",
    "description": "SMTP server"
   },
   "port": {
    "description": "default 587, or 465 with secure",
    "type": "number"
   },
   "secure": {
    "description": "TLS from the start; otherwise STARTTLS is required",
    "type": "boolean"
   },
   "allow_plain": {
    "description": "send also where the server offers no TLS",
    "type": "boolean"
   },
   "username": {
    "description": "of the account at the SMTP server",
    "interpolated": true,
    "type": [
     "string",
     "number"
    ]
   },
   "password": {
    "description": "secret(\"name\") or \"env:NAME\"",
    "type": "string",
    "reference": true
   },
   "from": {
    "type": "string",
    "description": "address of the sender"
   },
   "to": {
    "anyOf": [
     {
      "type": "string"
     },
     {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    ],
    "description": "one address, or a list"
   },
   "cc": {
    "description": "one address, or a list",
    "anyOf": [
     {
      "type": "string"
     },
     {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    ]
   },
   "subject": {
    "type": "string",
    "description": "subject line"
   },
   "message": {
    "type": "string",
    "description": "the text"
   },
   "html": {
    "description": "the same as HTML, for readers that show it",
    "type": "string"
   },
   "timeout": {
    "description": "\"30s\" (the default) or seconds",
    "duration": true,
    "type": [
     "string",
     "number"
    ]
   }
  },
  "required": [
   "host",
   "from",
   "to",
   "subject",
   "message"
  ],
  "additionalProperties": false
 },
 "question": {
  "type": "object",
  "properties": {
   "prompt": {
    "description": "default: the lines printed before",
    "type": "string"
   },
   "timeout": {
    "description": "then the answer is \"n\"; default 24 hours",
    "duration": true,
    "type": [
     "string",
     "number"
    ]
   }
  },
  "additionalProperties": false
 },
 "exec": {
  "type": "object",
  "properties": {
   "workdir": {
    "description": "where it runs, relative to the run's folder or to the task's workdir",
    "type": "string"
   },
   "env": {
    "description": "further environment; a value may be secret(\"name\"), \"Bearer \" .. secret(\"name\") or \"env:NAME\"",
    "type": "object",
    "propertyNames": {
     "type": "string"
    },
    "additionalProperties": {
     "interpolated": true,
     "type": [
      "string",
      "number",
      "boolean"
     ]
    }
   },
   "timeout": {
    "description": "the command and all it started are ended after that; \"5m\", or seconds",
    "duration": true,
    "type": [
     "string",
     "number"
    ]
   },
   "stdin": {
    "description": "what the command reads",
    "type": "string"
   }
  },
  "additionalProperties": false
 },
 "git_clone": {
  "type": "object",
  "properties": {
   "url": {
    "type": "string",
    "description": "https, ssh, git@host:owner/name, or owner/name"
   },
   "path": {
    "description": "where to; by default the last part of the address",
    "type": "string"
   },
   "branch": {
    "description": "branch or tag, by default the one of the repository",
    "type": "string"
   },
   "depth": {
    "description": "how many commits of the past come along, by default all",
    "type": "integer",
    "minimum": 1,
    "maximum": 9007199254740991
   },
   "credentials": {
    "description": "how the repository is reached; secrets are references",
    "type": "object",
    "properties": {
     "type": {
      "type": "string",
      "enum": [
       "token",
       "ssh",
       "userpass"
      ],
      "description": "how the repository is reached"
     },
     "token": {
      "description": "an access token: secret(\"name\"), \"env:NAME\" or \"file:PATH\"",
      "type": "string",
      "reference": true
     },
     "username": {
      "description": "the user of the password",
      "type": "string"
     },
     "password": {
      "description": "the password: secret(\"name\"), \"env:NAME\" or \"file:PATH\"",
      "type": "string",
      "reference": true
     },
     "ssh_key": {
      "description": "the private key: secret(\"name\"), \"env:NAME\" or \"file:PATH\"",
      "type": "string",
      "reference": true
     },
     "ssh_key_path": {
      "description": "file of the private key on the worker",
      "type": "string"
     }
    },
    "required": [
     "type"
    ],
    "additionalProperties": false
   }
  },
  "required": [
   "url"
  ],
  "additionalProperties": false
 },
 "git_checkout": {
  "type": "object",
  "properties": {
   "path": {
    "description": "folder of the repository in the run's folder, by default the folder itself",
    "type": "string"
   },
   "revision": {
    "description": "branch, tag or commit",
    "type": "string"
   },
   "branch": {
    "description": "the same",
    "type": "string"
   },
   "create": {
    "description": "make a branch of that name",
    "type": "boolean"
   }
  },
  "additionalProperties": false
 },
 "git_pull": {
  "type": "object",
  "properties": {
   "path": {
    "description": "folder of the repository in the run's folder, by default the folder itself",
    "type": "string"
   },
   "remote": {
    "description": "by default origin",
    "type": "string"
   },
   "branch": {
    "description": "by default the branch the repository stands on",
    "type": "string"
   },
   "credentials": {
    "description": "how the repository is reached; secrets are references",
    "type": "object",
    "properties": {
     "type": {
      "type": "string",
      "enum": [
       "token",
       "ssh",
       "userpass"
      ],
      "description": "how the repository is reached"
     },
     "token": {
      "description": "an access token: secret(\"name\"), \"env:NAME\" or \"file:PATH\"",
      "type": "string",
      "reference": true
     },
     "username": {
      "description": "the user of the password",
      "type": "string"
     },
     "password": {
      "description": "the password: secret(\"name\"), \"env:NAME\" or \"file:PATH\"",
      "type": "string",
      "reference": true
     },
     "ssh_key": {
      "description": "the private key: secret(\"name\"), \"env:NAME\" or \"file:PATH\"",
      "type": "string",
      "reference": true
     },
     "ssh_key_path": {
      "description": "file of the private key on the worker",
      "type": "string"
     }
    },
    "required": [
     "type"
    ],
    "additionalProperties": false
   }
  },
  "additionalProperties": false
 },
 "git_status": {
  "type": "object",
  "properties": {
   "path": {
    "description": "folder of the repository in the run's folder, by default the folder itself",
    "type": "string"
   }
  },
  "additionalProperties": false
 },
 "git_commit": {
  "type": "object",
  "properties": {
   "path": {
    "description": "folder of the repository in the run's folder, by default the folder itself",
    "type": "string"
   },
   "message": {
    "type": "string",
    "description": "what the commit says"
   },
   "files": {
    "description": "what to commit, by default every change",
    "type": "array",
    "items": {
     "type": "string"
    }
   },
   "author": {
    "description": "Name <address>",
    "type": "string"
   }
  },
  "required": [
   "message"
  ],
  "additionalProperties": false
 },
 "git_push": {
  "type": "object",
  "properties": {
   "path": {
    "description": "folder of the repository in the run's folder, by default the folder itself",
    "type": "string"
   },
   "remote": {
    "description": "by default origin",
    "type": "string"
   },
   "branch": {
    "description": "by default the branch the repository stands on",
    "type": "string"
   },
   "credentials": {
    "description": "how the repository is reached; secrets are references",
    "type": "object",
    "properties": {
     "type": {
      "type": "string",
      "enum": [
       "token",
       "ssh",
       "userpass"
      ],
      "description": "how the repository is reached"
     },
     "token": {
      "description": "an access token: secret(\"name\"), \"env:NAME\" or \"file:PATH\"",
      "type": "string",
      "reference": true
     },
     "username": {
      "description": "the user of the password",
      "type": "string"
     },
     "password": {
      "description": "the password: secret(\"name\"), \"env:NAME\" or \"file:PATH\"",
      "type": "string",
      "reference": true
     },
     "ssh_key": {
      "description": "the private key: secret(\"name\"), \"env:NAME\" or \"file:PATH\"",
      "type": "string",
      "reference": true
     },
     "ssh_key_path": {
      "description": "file of the private key on the worker",
      "type": "string"
     }
    },
    "required": [
     "type"
    ],
    "additionalProperties": false
   }
  },
  "additionalProperties": false
 },
 "workspace": {
  "type": "object",
  "properties": {
   "task": {
    "type": "string",
    "description": "name of the task"
   },
   "globs": {
    "description": "which files, relative to the workdir of the task",
    "type": "array",
    "items": {
     "type": "string"
    }
   },
   "from": {
    "description": "tasks whose files are wanted",
    "type": "array",
    "items": {
     "type": "string"
    }
   }
  },
  "required": [
   "task"
  ],
  "additionalProperties": false
 }
} as never;
