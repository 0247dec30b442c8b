<?php
/**
 * The page "Gateway › Connection".
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WP_Error;

/**
 * Connects the site: one key is pasted, checked at the gateway, and kept if it works.
 */
final class Settings_Page {

	public const CAPABILITY = 'manage_options';
	public const SLUG       = 'gateway-connector';

	private const CONNECT = 'gateway_connector_connect';
	private const CHECK   = 'gateway_connector_check';

	private Settings $settings;

	private Lists $lists;

	private Notices $notices;

	private Data_Settings $data;

	private Doi_Settings $doi;

	public function __construct( Settings $settings, Lists $lists, Notices $notices, Data_Settings $data, Doi_Settings $doi ) {
		$this->settings = $settings;
		$this->lists    = $lists;
		$this->notices  = $notices;
		$this->data     = $data;
		$this->doi      = $doi;
	}

	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add' ) );
		add_action( 'admin_enqueue_scripts', array( $this, 'enqueue' ) );
		add_action( 'admin_post_' . self::CONNECT, array( $this, 'connect' ) );
		add_action( 'admin_post_' . self::CHECK, array( $this, 'check' ) );
	}

	public static function url(): string {
		return admin_url( 'admin.php?page=' . self::SLUG );
	}

	/**
	 * A link that fetches the lists again and comes back.
	 */
	public static function refresh_url(): string {
		return wp_nonce_url( admin_url( 'admin-post.php?action=' . self::CHECK ), self::CHECK );
	}

	public function add(): void {
		$title = __( 'Gateway', 'gateway-connector' );
		add_menu_page( $title, $title, self::CAPABILITY, self::SLUG, array( $this, 'print' ), 'dashicons-email-alt', 31 );
		add_submenu_page( self::SLUG, __( 'Gateway connection', 'gateway-connector' ), __( 'Connection', 'gateway-connector' ), self::CAPABILITY, self::SLUG, array( $this, 'print' ) );
	}

	public function enqueue( string $page ): void {
		if ( false !== strpos( $page, self::SLUG ) ) {
			wp_enqueue_style( 'gateway-connector', plugins_url( 'assets/admin.css', PLUGIN_FILE ), array(), VERSION );
		}
	}

	/**
	 * Takes a pasted key. One that does not work is not kept, so that a slip cannot break a working connection.
	 */
	public function connect(): void {
		$this->authorize( self::CONNECT );
		$key        = isset( $_POST['key'] ) ? sanitize_text_field( wp_unslash( $_POST['key'] ) ) : '';
		$key        = (string) preg_replace( '/\s+/', '', $key ); // Mail programs break long lines.
		$connection = Connection::from_key( $key );
		if ( $this->report( $connection ) && ! $this->settings->key_is_constant() ) {
			$this->settings->save_key( $key );
		}
		$this->leave();
	}

	/**
	 * Asks the gateway again, for the connection in use.
	 */
	public function check(): void {
		$this->authorize( self::CHECK );
		$this->report( $this->settings->connection() ?? new WP_Error( 'key', __( 'This site is not connected to a gateway yet.', 'gateway-connector' ) ) );
		$this->leave();
	}

	public function print(): void {
		$connection = $this->settings->connection();
		?>
		<div class="wrap">
			<h1><?php esc_html_e( 'Gateway connection', 'gateway-connector' ); ?></h1>
			<?php
			if ( ! defined( 'WPCF7_VERSION' ) ) {
				printf( '<div class="notice notice-warning inline"><p>%s</p></div>', esc_html__( 'Contact Form 7 is not active. Activate it to connect its forms.', 'gateway-connector' ) );
			}
			if ( $connection instanceof Connection ) {
				$this->print_connection( $connection );
			} elseif ( is_wp_error( $connection ) ) {
				printf( '<div class="notice notice-error inline"><p>%s</p></div>', esc_html( $connection->get_error_message() ) );
			}
			if ( $this->settings->key_is_constant() ) {
				printf( '<p>%s</p>', esc_html__( 'The connection key is set in wp-config.php (GATEWAY_CONNECTION_KEY).', 'gateway-connector' ) );
			} else {
				$this->print_form( $connection instanceof Connection );
			}
			$this->doi->print();
			$this->data->print();
			?>
		</div>
		<?php
	}

	private function print_connection( Connection $connection ): void {
		$name  = $this->lists->site_name();
		$names = $this->lists->names();
		?>
		<div class="card gateway-connector-card">
			<h2><?php echo '' === $this->settings->pause_reason() ? esc_html__( 'Connected', 'gateway-connector' ) : esc_html__( 'Connection, paused', 'gateway-connector' ); ?></h2>
			<p>
				<?php
				/* translators: %s: the gateway's address */
				printf( esc_html__( 'Gateway: %s', 'gateway-connector' ), '<code>' . esc_html( $connection->url ) . '</code>' );
				?>
				<br />
				<?php
				/* translators: %s: the site's name at the gateway */
				printf( esc_html__( 'Site: %s', 'gateway-connector' ), esc_html( '' === $name ? $connection->site : $name ) );
				?>
				<br />
				<?php
				/* translators: %s: names of mailing lists */
				printf( esc_html__( 'Lists: %s', 'gateway-connector' ), esc_html( $names ? implode( ', ', $names ) : '—' ) );
				?>
			</p>
			<p>
				<a class="button" href="<?php echo esc_url( self::refresh_url() ); ?>"><?php esc_html_e( 'Check the connection', 'gateway-connector' ); ?></a>
				<?php if ( defined( 'WPCF7_VERSION' ) ) : ?>
					<a class="button" href="<?php echo esc_url( admin_url( 'admin.php?page=wpcf7' ) ); ?>"><?php esc_html_e( 'Choose a form to connect', 'gateway-connector' ); ?></a>
				<?php endif; ?>
			</p>
		</div>
		<?php
	}

	private function print_form( bool $connected ): void {
		?>
		<div class="card gateway-connector-card">
			<h2><?php echo $connected ? esc_html__( 'Use another key', 'gateway-connector' ) : esc_html__( 'Connect this site', 'gateway-connector' ); ?></h2>
			<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
				<input type="hidden" name="action" value="<?php echo esc_attr( self::CONNECT ); ?>" />
				<?php wp_nonce_field( self::CONNECT ); ?>
				<p>
					<label for="gateway-connector-key"><strong><?php esc_html_e( 'Connection key', 'gateway-connector' ); ?></strong></label><br />
					<input type="password" id="gateway-connector-key" name="key" required autocomplete="off" spellcheck="false" placeholder="gwc_…" aria-describedby="gateway-connector-key-help" />
				</p>
				<p class="description" id="gateway-connector-key-help">
					<?php
					/* translators: %s: a command */
					printf( esc_html__( 'The gateway prints it once, when the site is added there: %s', 'gateway-connector' ), '<code>gateway site add "' . esc_html( get_bloginfo( 'name' ) ) . '"</code>' );
					?>
				</p>
				<p><button class="button button-primary"><?php esc_html_e( 'Connect', 'gateway-connector' ); ?></button></p>
			</form>
		</div>
		<?php
	}

	/**
	 * Asks the gateway and tells the user what came of it. An answer ends a pause.
	 *
	 * @param Connection|WP_Error $connection The connection.
	 */
	private function report( $connection ): bool {
		if ( is_wp_error( $connection ) ) {
			$this->notices->add( 'error', $connection->get_error_message() );
			return false;
		}
		$answer = $this->lists->refresh( $connection );
		if ( 200 !== $answer->status ) {
			$this->notices->add( 'error', Explanation::of( $answer, $connection->host() ) );
			return false;
		}
		$lists = implode( ', ', (array) $this->lists->names() );
		/* translators: 1: the gateway's host name, 2: the site's name there */
		$found = sprintf( __( 'Connected to %1$s as “%2$s”.', 'gateway-connector' ), $connection->host(), $this->lists->site_name() );
		$found .= ' ' . ( '' === $lists
			? __( 'There is no mailing list yet: add one on the gateway.', 'gateway-connector' )
			/* translators: %s: names of mailing lists */
			: sprintf( __( 'Lists: %s.', 'gateway-connector' ), $lists ) );
		$this->notices->add( 'success', $found );
		$this->settings->resume();
		return true;
	}

	private function authorize( string $action ): void {
		if ( ! current_user_can( self::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'gateway-connector' ), '', 403 );
		}
		check_admin_referer( $action );
	}

	/**
	 * Back to where the user came from; in the form editor, to our tab.
	 */
	private function leave(): void {
		$back = wp_get_referer() ?: self::url();
		if ( false !== strpos( $back, 'page=wpcf7' ) ) {
			$back = add_query_arg( 'active-tab', Form_Panel::ID, $back );
		}
		wp_safe_redirect( $back );
		exit;
	}
}
