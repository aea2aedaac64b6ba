//! Apache Aurora job configuration: the object model, templates, .aurora files and conversion to the API
