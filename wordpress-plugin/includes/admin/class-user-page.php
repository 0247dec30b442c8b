<?php
/**
 * The page "Gateway › Users".
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Lets the owner choose which users join which lists, and sync all of them.
 */
final class User_Page {

	public const SLUG = 'gateway-connector-users';
	public const SAVE = 'gateway_connector_users';

	private Settings $settings;

	private Lists $lists;

	private Notices $notices;

	private Bulk_Panel $bulk;

	private Checkout_Panel $checkout;

	public function __construct( Settings $settings, Lists $lists, Notices $notices, Bulk_Panel $bulk, Checkout_Panel $checkout ) {
		$this->settings = $settings;
		$this->lists    = $lists;
		$this->notices  = $notices;
		$this->bulk     = $bulk;
		$this->checkout = $checkout;
	}

	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add' ), 12 );
		add_action( 'admin_post_' . self::SAVE, array( $this, 'save' ) );
		add_action( 'admin_enqueue_scripts', array( $this, 'enqueue' ) );
		$this->bulk->register();
		$this->checkout->register();
	}

	public static function url(): string {
		return admin_url( 'admin.php?page=' . self::SLUG );
	}

	public function add(): void {
		$title = __( 'Users', 'gateway-connector' );
		add_submenu_page( Settings_Page::SLUG, $title, $title, Settings_Page::CAPABILITY, self::SLUG, array( $this, 'print' ) );
	}

	public function enqueue( string $page ): void {
		if ( false !== strpos( $page, self::SLUG ) ) {
			wp_enqueue_script( 'gateway-connector-users', plugins_url( 'assets/users.js', PLUGIN_FILE ), array(), VERSION, true );
		}
	}

	public function save(): void {
		self::authorize( self::SAVE );
		// User_Sync_Settings::from_input() cleans each member for what it is.
		$input    = Request::members( 'users' );
		$settings = User_Sync_Settings::from_input( $input, array_map( 'strval', array_keys( User_Fields::all() ) ) );
		$settings->save();
		if ( $settings->enabled && array() !== $settings->missing() ) {
			$this->notices->add(
				'warning',
				/* translators: %s: what to do */
				sprintf( __( 'Saved, but no user is sent yet: %s.', 'gateway-connector' ), implode( '; ', $settings->missing() ) )
			);
		} else {
			$this->notices->add( 'success', __( 'Saved.', 'gateway-connector' ) );
		}
		self::redirect();
	}

	public function print(): void {
		$connection = $this->settings->connection();
		if ( $connection instanceof Connection ) {
			$this->lists->ensure( $connection );
		}
		$settings = User_Sync_Settings::load();
		echo '<div class="wrap gateway-connector-users">';
		printf( '<h1>%s</h1>', esc_html__( 'Users', 'gateway-connector' ) );
		if ( ! $connection instanceof Connection ) {
			printf(
				'<div class="notice notice-warning inline"><p>%s <a href="%s">%s</a></p></div>',
				esc_html__( 'This site is not connected to a gateway yet. Users wait here until it is.', 'gateway-connector' ),
				esc_url( Settings_Page::url() ),
				esc_html__( 'Connect', 'gateway-connector' )
			);
		}
		$names = (array) $this->lists->names();
		( new User_Page_View( $settings, $names ) )->print();
		if ( $settings->is_active() ) {
			$this->bulk->print();
		}
		$this->checkout->print( $names );
		echo '</div>';
	}

	/**
	 * Allows only people who manage the site and come from our page.
	 */
	public static function authorize( string $action ): void {
		if ( ! current_user_can( Settings_Page::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'gateway-connector' ), '', 403 );
		}
		check_admin_referer( $action );
	}

	public static function redirect(): void {
		wp_safe_redirect( self::url() );
		exit;
	}
}
