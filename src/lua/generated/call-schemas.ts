/* Generated from src/schema by `npm run generate`; do not edit. */
export interface FieldSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly additionalProperties?: unknown;
  readonly items?: FieldSchema;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly anyOf?: readonly FieldSchema[];
  readonly reference?: boolean;
  readonly description?: string;
}

export type SchemaName = 'workflow' | 'repository' | 'sync' | 'diff' | 'list' | 'rollback' | 'wait' | 'delete' | 'exec' | 'git_clone' | 'git_checkout' | 'git_pull' | 'git_status' | 'git_commit' | 'git_push' | 'workspace';

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
 "exec": {
  "type": "object",
  "properties": {
   "workdir": {
    "description": "where it runs, relative to the run's folder or to the task's workdir",
    "type": "string"
   },
   "env": {
    "description": "further environment; a value may be secret(\"name\") or \"env:NAME\"",
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
   "timeout": {
    "description": "the command and all it started are ended after that; \"5m\", or seconds",
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
