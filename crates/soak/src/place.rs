//! Where a soak takes place: the product's folder, its servers at fixed addresses, the proxy and the database.

use std::{fmt::Write as _, net::SocketAddr, path::Path};

use countersign_bench::{Server, Site};
use countersign_xtask::Cluster;
use rustix::process::Signal;

use crate::{
    Store, With,
    error::Error,
    proxy::{Proxy, free_address},
    sink::Sink,
};

/// How many replicas there are on PostgreSQL.
const REPLICAS: usize = 3;

/// Everything that runs.
pub struct Place {
    /// The product's folder.
    pub site: Site,
    /// The servers, each at its address; none where one is down.
    pub servers: Vec<(SocketAddr, Option<Server>)>,
    /// Where clients go.
    pub address: SocketAddr,
    /// Where hook calls go.
    pub sink: Sink,
    /// The database server, where there is one.
    pub cluster: Option<Cluster>,
    /// What each server has in its environment.
    variables: Vec<Vec<(&'static str, String)>>,
    /// Ended with the rest.
    proxy: Option<Proxy>,
}

impl Place {
    /// Sets everything up and starts it; each server has these variables in its environment.
    pub async fn start(
        with: &With,
        variables: impl Fn(usize) -> Vec<(&'static str, String)>,
    ) -> Result<Self, Error> {
        let sink = Sink::start().await?;
        let cluster = match with.store {
            Store::Sqlite => None,
            Store::Postgres => Some(Cluster::start_with(&["track_commit_timestamp=on"])?),
        };
        let mut more = format!(
            "[hooks]\nallow_private_addresses = true\n[hooks.told]\nurl = \"http://{}/told\"\nsecret = \"whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD\"\n",
            sink.address
        );
        if let Some(cluster) = &cluster {
            // Writing to a text cannot fail.
            let _ = writeln!(more, "[database]\nurl = {:?}", cluster.url());
        }
        let workflows = Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
        let site = Site::with(&with.program, &with.under, &workflows, &more)?;
        let many = if cluster.is_some() { REPLICAS } else { 1 };
        let addresses: Vec<SocketAddr> = (0..many)
            .map(|_| free_address())
            .collect::<Result<_, _>>()?;
        let mut place = Self {
            site,
            address: addresses[0],
            servers: addresses.iter().map(|address| (*address, None)).collect(),
            sink,
            cluster,
            variables: (0..many).map(variables).collect(),
            proxy: None,
        };
        for at in 0..many {
            place.serve(at)?;
        }
        // Behind replicas that are there: it would begin by believing them gone, and answer for them.
        if place.cluster.is_some() {
            let proxy = Proxy::start(&addresses, place.site.folder())?;
            place.address = proxy.address;
            place.proxy = Some(proxy);
        }
        Ok(place)
    }

    /// Starts this server, if it is down.
    pub fn serve(&mut self, at: usize) -> Result<(), Error> {
        if self.servers[at].1.is_none() {
            let listen = self.servers[at].0.to_string();
            let mut variables = vec![("COUNTERSIGN__SERVER__LISTEN", listen.as_str())];
            variables.extend(
                self.variables[at]
                    .iter()
                    .map(|(name, value)| (*name, value.as_str())),
            );
            self.servers[at].1 = Some(self.site.serve_so(&variables)?);
        }
        Ok(())
    }

    /// Kills this server: it has no time for anything.
    pub fn kill(&mut self, at: usize) {
        // Dropping kills, and waits for the end.
        self.servers[at].1 = None;
    }

    /// Sends this server a signal.
    pub fn signal(&self, at: usize, signal: Signal) {
        if let Some(server) = &self.servers[at].1 {
            server.signal(signal);
        }
    }

    /// Asks this server to stop, and waits until it has.
    pub fn stop(&mut self, at: usize) -> Result<(), Error> {
        match self.servers[at].1.take() {
            Some(server) => Ok(server.stop()?),
            None => Ok(()),
        }
    }

    /// The database, as the tables are read.
    pub fn database(&self) -> crate::check::Database {
        match &self.cluster {
            Some(cluster) => crate::check::Database::Server(cluster.url()),
            None => crate::check::Database::File(self.site.database()),
        }
    }
}
