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
  /** References to secrets may stand in it, also inside longer texts. */
  readonly interpolated?: boolean;
  readonly description?: string;
}

export type SchemaName = 'workflow' | 'repository' | 'sync' | 'diff' | 'list' | 'rollback' | 'wait' | 'delete' | 'http' | 'httpRequest' | 'slack' | 'teams' | 'ntfy' | 'webhook' | 'email' | 'question';

export const callSchemas: Readonly<Record<SchemaName, FieldSchema>> = {
 "workflow": {
  "type": "object",
  "properties": {
   "repo": {
    "type": "string"
   },
   "repository": {
    "type": "string"
   },
   "branch": {
    "type": "string"
   },
   "name": {
    "type": "string"
   },
   "id": {
    "type": "string"
   },
   "path": {
    "type": "string"
   },
   "target_path": {
    "type": "string"
   },
   "auto_sync": {
    "type": "boolean"
   },
   "diff_preview": {
    "type": "boolean"
   },
   "rollback_on_failure": {
    "type": "boolean"
   },
   "sync_interval": {
    "description": "\"5m\", \"1h30m\", or seconds",
    "type": [
     "string",
     "number"
    ]
   },
   "namespace": {
    "type": "string"
   },
   "cluster": {
    "type": "string"
   },
   "credentials": {
    "type": "object",
    "properties": {
     "type": {
      "type": "string",
      "enum": [
       "token",
       "ssh",
       "userpass"
      ]
     },
     "token": {
      "type": "string",
      "reference": true
     },
     "username": {
      "type": "string"
     },
     "password": {
      "type": "string",
      "reference": true
     },
     "ssh_key": {
      "type": "string",
      "reference": true
     },
     "ssh_key_path": {
      "type": "string"
     }
    },
    "required": [
     "type"
    ],
    "additionalProperties": false
   },
   "sync_policy": {
    "type": "object",
    "properties": {
     "auto_prune": {
      "type": "boolean"
     },
     "self_heal": {
      "type": "boolean"
     },
     "retry": {
      "type": "object",
      "properties": {
       "limit": {
        "type": "number"
       },
       "backoff": {
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
            "description": "\"5m\", \"1h30m\", or seconds",
            "type": [
             "string",
             "number"
            ]
           },
           "factor": {
            "type": "number"
           },
           "jitter": {
            "type": "number"
           },
           "max_duration": {
            "description": "\"5m\", \"1h30m\", or seconds",
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
        "description": "\"5m\", \"1h30m\", or seconds",
        "type": [
         "string",
         "number"
        ]
       }
      },
      "additionalProperties": false
     },
     "health_check": {
      "type": "object",
      "properties": {
       "enabled": {
        "type": "boolean"
       },
       "timeout": {
        "description": "\"5m\", \"1h30m\", or seconds",
        "type": [
         "string",
         "number"
        ]
       },
       "failure_mode": {
        "type": "string",
        "enum": [
         "ignore",
         "fail",
         "rollback"
        ]
       },
       "stable_for": {
        "description": "\"5m\", \"1h30m\", or seconds",
        "type": [
         "string",
         "number"
        ]
       },
       "checks": {
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
           ]
          },
          "name": {
           "type": "string"
          },
          "url": {
           "type": "string"
          },
          "method": {
           "type": "string"
          },
          "expect_status": {
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
           "type": "string"
          },
          "headers": {
           "type": "object",
           "propertyNames": {
            "type": "string"
           },
           "additionalProperties": {
            "type": "string"
           }
          },
          "provider": {
           "type": "string",
           "enum": [
            "prometheus"
           ]
          },
          "query": {
           "type": "string"
          },
          "threshold": {
           "type": "object",
           "properties": {
            "min": {
             "type": "number"
            },
            "max": {
             "type": "number"
            }
           },
           "additionalProperties": false
          },
          "script": {
           "type": "string"
          },
          "timeout": {
           "description": "\"5m\", \"1h30m\", or seconds",
           "type": [
            "string",
            "number"
           ]
          },
          "interval": {
           "description": "\"5m\", \"1h30m\", or seconds",
           "type": [
            "string",
            "number"
           ]
          },
          "count": {
           "type": "number"
          },
          "failures": {
           "type": "number"
          },
          "failure_limit": {
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
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "post_sync_hooks": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "sync_options": {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    },
    "additionalProperties": false
   },
   "validation_required": {
    "type": "boolean"
   },
   "approval_required": {
    "type": "boolean"
   },
   "environment": {
    "type": "string"
   },
   "project": {
    "type": "string"
   },
   "adopt": {
    "type": "boolean"
   },
   "conflict_resolution": {
    "type": "string",
    "enum": [
     "fail",
     "force",
     "yield",
     "auto"
    ]
   },
   "ignore_differences": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "group": {
       "type": "string"
      },
      "kind": {
       "type": "string"
      },
      "name": {
       "type": "string"
      },
      "namespace": {
       "type": "string"
      },
      "json_pointers": {
       "type": "array",
       "items": {
        "type": "string"
       }
      },
      "jsonPointers": {
       "type": "array",
       "items": {
        "type": "string"
       }
      },
      "managers": {
       "type": "array",
       "items": {
        "type": "string"
       }
      },
      "managedFieldsManagers": {
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
    "type": "object",
    "propertyNames": {
     "type": "string"
    },
    "additionalProperties": {}
   },
   "repos": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "repo": {
       "type": "string"
      },
      "repository": {
       "type": "string"
      },
      "branch": {
       "type": "string"
      },
      "path": {
       "type": "string"
      },
      "target_path": {
       "type": "string"
      },
      "credentials": {
       "type": "object",
       "properties": {
        "type": {
         "type": "string",
         "enum": [
          "token",
          "ssh",
          "userpass"
         ]
        },
        "token": {
         "type": "string",
         "reference": true
        },
        "username": {
         "type": "string"
        },
        "password": {
         "type": "string",
         "reference": true
        },
        "ssh_key": {
         "type": "string",
         "reference": true
        },
        "ssh_key_path": {
         "type": "string"
        }
       },
       "required": [
        "type"
       ],
       "additionalProperties": false
      },
      "render": {
       "type": "object",
       "properties": {
        "type": {
         "type": "string",
         "enum": [
          "plain",
          "kustomize",
          "helm"
         ]
        },
        "recurse": {
         "type": "boolean"
        },
        "include": {
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
         "type": "object",
         "properties": {
          "release_name": {
           "type": "string"
          },
          "namespace": {
           "type": "string"
          },
          "values_files": {
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
           "type": "object",
           "propertyNames": {
            "type": "string"
           },
           "additionalProperties": {}
          },
          "parameters": {
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
           "type": "boolean"
          },
          "include_crds": {
           "type": "boolean"
          },
          "skip_tests": {
           "type": "boolean"
          },
          "kube_version": {
           "type": "string"
          },
          "api_versions": {
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
   "branch_strategy": {},
   "policies": {
    "description": "a folder inside path, or a list of policies in the short form"
   },
   "sync_windows": {},
   "depends_on": {},
   "notifications": {},
   "render": {
    "type": "object",
    "properties": {
     "type": {
      "type": "string",
      "enum": [
       "plain",
       "kustomize",
       "helm"
      ]
     },
     "recurse": {
      "type": "boolean"
     },
     "include": {
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
      "type": "object",
      "properties": {
       "release_name": {
        "type": "string"
       },
       "namespace": {
        "type": "string"
       },
       "values_files": {
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
        "type": "object",
        "propertyNames": {
         "type": "string"
        },
        "additionalProperties": {}
       },
       "parameters": {
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
        "type": "boolean"
       },
       "include_crds": {
        "type": "boolean"
       },
       "skip_tests": {
        "type": "boolean"
       },
       "kube_version": {
        "type": "string"
       },
       "api_versions": {
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
    "type": "string"
   },
   "repo": {
    "type": "string"
   },
   "branch": {
    "type": "string"
   },
   "id": {
    "type": "string"
   },
   "name": {
    "type": "string"
   },
   "credentials": {
    "type": "object",
    "properties": {
     "type": {
      "type": "string",
      "enum": [
       "token",
       "ssh",
       "userpass"
      ]
     },
     "token": {
      "type": "string",
      "reference": true
     },
     "username": {
      "type": "string"
     },
     "password": {
      "type": "string",
      "reference": true
     },
     "ssh_key": {
      "type": "string",
      "reference": true
     },
     "ssh_key_path": {
      "type": "string"
     }
    },
    "required": [
     "type"
    ],
    "additionalProperties": false
   },
   "metadata": {
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
    "type": "string"
   },
   "dry_run": {
    "type": "boolean"
   },
   "prune": {
    "type": "boolean"
   },
   "allow_shrink": {
    "type": "boolean"
   },
   "resources": {
    "type": "array",
    "items": {
     "type": "string"
    }
   },
   "timeout": {
    "description": "\"5m\", \"1h30m\", or seconds",
    "type": [
     "string",
     "number"
    ]
   },
   "wait": {
    "type": "boolean"
   }
  }
 },
 "diff": {
  "type": "object",
  "properties": {
   "revision": {
    "type": "string"
   }
  }
 },
 "list": {
  "type": "object",
  "properties": {
   "status": {
    "type": "string"
   },
   "name": {
    "type": "string"
   },
   "repository": {
    "type": "string"
   },
   "auto_sync": {
    "type": "boolean"
   }
  }
 },
 "rollback": {
  "type": "object",
  "properties": {
   "to": {
    "type": "string",
    "enum": [
     "previous",
     "commit",
     "timestamp",
     "sync"
    ]
   },
   "commit": {
    "type": "string"
   },
   "timestamp": {
    "type": "string"
   },
   "sync_id": {
    "type": "string"
   }
  }
 },
 "wait": {
  "type": "object",
  "properties": {
   "status": {
    "type": "string"
   },
   "health": {
    "type": "string"
   },
   "timeout": {
    "description": "\"5m\", \"1h30m\", or seconds",
    "type": [
     "string",
     "number"
    ]
   }
  }
 },
 "delete": {
  "type": "object",
  "properties": {
   "prune": {
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
    "additionalProperties": {}
   },
   "timeout": {
    "description": "of each attempt: \"30s\" (the default) or seconds",
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
    "additionalProperties": {}
   },
   "timeout": {
    "description": "of each attempt: \"30s\" (the default) or seconds",
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
    "type": "string"
   },
   "username": {
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
    "type": "string"
   },
   "pipeline": {
    "type": "string"
   },
   "error_details": {
    "type": "string"
   },
   "timeout": {
    "description": "\"30s\" (the default) or seconds",
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
    "type": "string"
   },
   "priority": {
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
    "type": "string",
    "reference": true
   },
   "timeout": {
    "description": "\"30s\" (the default) or seconds",
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
    "interpolated": true,
    "type": [
     "string",
     "number"
    ]
   },
   "password": {
    "type": "string",
    "reference": true
   },
   "from": {
    "type": "string"
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
    ]
   },
   "cc": {
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
    "type": "string"
   },
   "message": {
    "type": "string",
    "description": "the text"
   },
   "html": {
    "type": "string"
   },
   "timeout": {
    "description": "\"30s\" (the default) or seconds",
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
    "type": [
     "string",
     "number"
    ]
   }
  },
  "additionalProperties": false
 }
} as never;
