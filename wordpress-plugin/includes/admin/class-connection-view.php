<?php
/**
 * What the page "Gateway › Connection" says about the connection.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Shows what the site is connected to and what the last check found, and asks before it disconnects.
 */
final class Connection_View {

	private Settings $settings;

	private Lists $lists;

	private Spool_Records $records;

	public function __construct( Settings $settings, Lists $lists, Spool_Records $records ) {
		$this->settings = $settings;
		$this->lists    = $lists;
		$this->records  = $records;
	}

	public function print(): void {
		$connection = $this->settings->connection();
		if ( is_wp_error( $connection ) ) {
			printf( '<div class="notice notice-error inline"><p>%s</p></div>', esc_html( $connection->get_error_message() ) );
		}
		if ( $connection instanceof Connection ) {
			$this->print_connection( $connection );
		}
		if ( $this->settings->key_is_constant() ) {
			printf(
				'<p>%s</p>',
				esc_html__(
					'The connection key is set in wp-config.php (GATEWAY_CONNECTOR_KEY). To disconnect, remove it there.',
					'gateway-connector'
				)
			);
		} elseif ( $connection instanceof Connection ) {
			$this->print_change();
		} else {
			printf( '<div class="card gateway-connector-card"><h2>%s</h2>', esc_html__( 'Connect this site', 'gateway-connector' ) );
			Connect_Form::print();
			printf( '<details><summary>%s</summary>', esc_html__( 'Use a connection key instead', 'gateway-connector' ) );
			printf(
				'<p>%s</p>',
				esc_html__( 'For gateways that your browser does not reach.', 'gateway-connector' )
			);
			$this->print_key_form();
			echo '</details></div>';
		}
	}

	/**
	 * Asks for a confirmation before the site is disconnected. It needs no script.
	 */
	public function print_question(): void {
		$waiting = $this->records->counts()[ Spool::WAITING ];
		?>
		<div class="card gateway-connector-card">
			<h2><?php esc_html_e( 'Disconnect this site?', 'gateway-connector' ); ?></h2>
			<p>
				<?php
				esc_html_e(
					'Nothing is lost: connected forms still collect submissions. They are sent when you connect again.',
					'gateway-connector'
				);
				if ( $waiting > 0 ) {
					echo ' ' . esc_html(
						sprintf(
							/* translators: %s: number of submissions and users */
							_n( '%s entry is waiting.', '%s entries are waiting.', $waiting, 'gateway-connector' ),
							number_format_i18n( $waiting )
						)
					);
				}
				?>
			</p>
			<p>
				<?php
				if ( $this->settings->network_connection() instanceof Connection ) {
					esc_html_e( 'The site will use the network’s connection instead.', 'gateway-connector' );
				} else {
					esc_html_e( 'Until then, people who sign up get no confirmation email.', 'gateway-connector' );
					echo ' ';
					esc_html_e( 'To connect again, press Connect here. The key is deleted.', 'gateway-connector' );
				}
				?>
			</p>
			<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
				<input type="hidden" name="action" value="<?php echo esc_attr( Settings_Page::DISCONNECT ); ?>" />
				<?php wp_nonce_field( Settings_Page::DISCONNECT ); ?>
				<p>
					<button class="button button-primary"><?php esc_html_e( 'Disconnect', 'gateway-connector' ); ?></button>
					<a class="button" href="<?php echo esc_url( Settings_Page::url() ); ?>">
						<?php esc_html_e( 'Stay connected', 'gateway-connector' ); ?>
					</a>
				</p>
			</form>
		</div>
		<?php
	}

	private function print_connection( Connection $connection ): void {
		$failure = $this->lists->ensure( $connection );
		if ( $failure ) {
			$text = Error_Message::of( $failure, $connection->host() );
			printf( '<div class="notice notice-error inline"><p>%s</p></div>', esc_html( $text ) );
		}
		?>
		<div class="card gateway-connector-card">
			<h2><?php echo esc_html( $this->heading( $this->lists->has_failed() ) ); ?></h2>
			<table class="gateway-connector-facts"><tbody>
				<?php
				foreach ( $this->facts( $connection ) as $name => $fact ) {
					printf( '<tr><th scope="row">%s</th><td>%s</td></tr>', esc_html( $name ), esc_html( $fact ) );
				}
				?>
			</tbody></table>
			<p>
				<a class="button" href="<?php echo esc_url( Settings_Page::refresh_url() ); ?>">
					<?php esc_html_e( 'Check the connection', 'gateway-connector' ); ?>
				</a>
				<a class="button" href="<?php echo esc_url( Forms_Page::url() ); ?>">
					<?php esc_html_e( 'Choose a form to connect', 'gateway-connector' ); ?>
				</a>
				<?php
				if ( 'site' === $this->settings->key_source() ) {
					$question = add_query_arg( 'disconnect', '1', Settings_Page::url() );
					printf(
						'<a class="gateway-connector-disconnect" href="%s">%s</a>',
						esc_url( $question ),
						esc_html__( 'Disconnect…', 'gateway-connector' )
					);
				}
				?>
			</p>
		</div>
		<?php
	}

	private function heading( bool $failed ): string {
		if ( '' !== $this->settings->pause_reason() || Site_Address::is_another() ) {
			return __( 'Connection, paused', 'gateway-connector' );
		}
		return $failed ? __( 'Connection, not answering', 'gateway-connector' ) : __( 'Connected', 'gateway-connector' );
	}

	/**
	 * What is known of the connection, by name.
	 *
	 * @return array<string,string>
	 */
	private function facts( Connection $connection ): array {
		$details = $this->lists->details();
		$facts   = array(
			__( 'Gateway', 'gateway-connector' )    => $connection->url,
			__( 'Encryption', 'gateway-connector' ) => $connection->is_encrypted()
				? __( 'TLS. The certificate is checked before anything is sent.', 'gateway-connector' )
				: __( 'Not encrypted (same server)', 'gateway-connector' ),
		);
		if ( ! $details ) {
			return $facts + array( __( 'Site', 'gateway-connector' ) => $connection->site );
		}
		return $facts + array(
			__( 'Site', 'gateway-connector' )    => $details->site,
			__( 'Lists', 'gateway-connector' )   => $details->lists
				? implode( ', ', $details->lists )
				: __( 'None yet: add one on the gateway.', 'gateway-connector' ),
			__( 'Clocks', 'gateway-connector' )  => Connection_Report::clocks( $details ),
			/* translators: %s: a duration, such as "5 minutes" */
			__( 'Checked', 'gateway-connector' ) => sprintf( __( '%s ago', 'gateway-connector' ), human_time_diff( $details->checked_at ) ),
		);
	}

	private function print_change(): void {
		$from_network = 'network' === $this->settings->key_source();
		if ( $from_network ) {
			printf( '<p>%s</p>', esc_html__( 'This is the connection that the network keeps for all its sites.', 'gateway-connector' ) );
		}
		printf(
			'<details class="card gateway-connector-card"><summary>%s</summary>',
			$from_network
				? esc_html__( 'Give this site its own connection', 'gateway-connector' )
				: esc_html__( 'Connect again, or to another gateway', 'gateway-connector' )
		);
		Connect_Form::print();
		$this->print_key_form();
		echo '</details>';
	}

	private function print_key_form(): void {
		Key_Form::print( admin_url( 'admin-post.php' ), Settings_Page::CONNECT, __( 'Use this key', 'gateway-connector' ) );
	}
}
