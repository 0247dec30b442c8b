<?php
/**
 * The page "Gateway" in the network's settings.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Keeps a connection for all sites of a network that do not have their own.
 */
final class Network_Page {

	public const CAPABILITY = 'manage_network_options';
	public const SLUG       = 'gateway-connector-network';

	private const CONNECT = 'gateway_connector_network';
	private const FORGET  = 'gateway_connector_network_forget';

	private Settings $settings;

	private Gateway_Client $client;

	private Notices $notices;

	public function __construct( Settings $settings, Gateway_Client $client, Notices $notices ) {
		$this->settings = $settings;
		$this->client   = $client;
		$this->notices  = $notices;
	}

	public function register(): void {
		add_action( 'network_admin_menu', array( $this, 'add' ) );
		add_action( 'network_admin_notices', array( $this->notices, 'print_outcome' ) );
		add_action( 'network_admin_edit_' . self::CONNECT, array( $this, 'connect' ) );
		add_action( 'network_admin_edit_' . self::FORGET, array( $this, 'forget' ) );
	}

	public static function url(): string {
		return network_admin_url( 'settings.php?page=' . self::SLUG );
	}

	public function add(): void {
		$title = __( 'Gateway', 'gateway-connector' );
		add_submenu_page(
			'settings.php',
			__( 'Gateway connection of the network', 'gateway-connector' ),
			$title,
			self::CAPABILITY,
			self::SLUG,
			array( $this, 'print' )
		);
	}

	/**
	 * Takes a pasted key for the network, if it works.
	 */
	public function connect(): void {
		$this->authorize( self::CONNECT );
		$key        = Key_Form::posted();
		$connection = Connection::from_key( $key );
		if ( $connection instanceof Connection ) {
			$answer  = $this->client->lists( $connection );
			$details = Site_Details::from_answer( $answer );
			if ( $details ) {
				$this->settings->save_network_key( $key );
				$this->redirect( 'success', Connection_Report::sentence( $details, $connection ) );
			}
			$this->redirect( 'error', Error_Message::of( $answer, $connection->host() ) );
		}
		$this->redirect( 'error', $connection->get_error_message() );
	}

	public function forget(): void {
		$this->authorize( self::FORGET );
		$this->settings->forget_network_key();
		$this->redirect(
			'success',
			__(
				'The network’s connection was deleted. Its sites keep their submissions until they are connected again.',
				'gateway-connector'
			)
		);
	}

	public function print(): void {
		$connection = $this->settings->network_connection();
		?>
		<div class="wrap">
			<h1><?php esc_html_e( 'Gateway connection of the network', 'gateway-connector' ); ?></h1>
			<p>
				<?php esc_html_e( 'Sites without a connection of their own use this one.', 'gateway-connector' ); ?>
				<?php
				esc_html_e(
					'Their submissions then belong to one site at the gateway, and their owners choose among the same lists.',
					'gateway-connector'
				);
				?>
			</p>
			<?php
			if ( $this->settings->key_is_constant() ) {
				printf(
					'<div class="notice notice-warning inline"><p>%s</p></div>',
					esc_html__(
						'A key in wp-config.php (GATEWAY_CONNECTOR_KEY) overrides this connection on every site.',
						'gateway-connector'
					)
				);
			}
			if ( is_wp_error( $connection ) ) {
				printf( '<div class="notice notice-error inline"><p>%s</p></div>', esc_html( $connection->get_error_message() ) );
			} elseif ( $connection ) {
				$this->print_connection( $connection );
			}
			?>
			<div class="card gateway-connector-card">
				<h2>
					<?php
					echo $connection
						? esc_html__( 'Use another key', 'gateway-connector' )
						: esc_html__( 'Connect the network', 'gateway-connector' );
					?>
				</h2>
				<?php Key_Form::print( self::action_url( self::CONNECT ), self::CONNECT ); ?>
			</div>
		</div>
		<?php
	}

	private function print_connection( Connection $connection ): void {
		?>
		<div class="card gateway-connector-card">
			<h2><?php esc_html_e( 'Connected', 'gateway-connector' ); ?></h2>
			<p>
				<?php
				/* translators: %s: the gateway's address */
				printf( esc_html__( 'Gateway: %s', 'gateway-connector' ), '<code>' . esc_html( $connection->url ) . '</code>' );
				?>
			</p>
			<details>
				<summary><?php esc_html_e( 'Disconnect…', 'gateway-connector' ); ?></summary>
				<form method="post" action="<?php echo esc_url( self::action_url( self::FORGET ) ); ?>">
					<?php wp_nonce_field( self::FORGET ); ?>
					<p>
						<?php
						esc_html_e( 'Nothing is lost: sites without their own connection still collect submissions.', 'gateway-connector' );
						echo ' ';
						esc_html_e( 'They are sent when you connect again.', 'gateway-connector' );
						?>
					</p>
					<p><button class="button"><?php esc_html_e( 'Disconnect the network', 'gateway-connector' ); ?></button></p>
				</form>
			</details>
		</div>
		<?php
	}

	private static function action_url( string $action ): string {
		return network_admin_url( 'edit.php?action=' . $action );
	}

	private function authorize( string $action ): void {
		if ( ! current_user_can( self::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'gateway-connector' ), '', 403 );
		}
		check_admin_referer( $action );
	}

	/**
	 * Redirects to the page, which shows the outcome.
	 *
	 * @return never
	 */
	private function redirect( string $type, string $text ): void {
		$this->notices->add( $type, $text );
		wp_safe_redirect( self::url() );
		exit;
	}
}
