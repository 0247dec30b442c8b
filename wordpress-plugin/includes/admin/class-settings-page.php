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
 * Shows the connection, checks it, and takes a pasted key, which is kept if it works.
 */
final class Settings_Page {

	public const CAPABILITY = 'manage_options';
	public const SLUG       = 'gateway-connector';

	public const CONNECT    = 'gateway_connector_connect';
	public const DISCONNECT = 'gateway_connector_disconnect';

	private const CHECK = 'gateway_connector_check';

	private Settings $settings;

	private Lists $lists;

	private Notices $notices;

	private Connection_View $view;

	private First_Steps $steps;

	/**
	 * What else can be set.
	 *
	 * @var array<Doi_Settings|Data_Settings>
	 */
	private array $cards;

	/**
	 * What the page is made of.
	 *
	 * @param Settings                          $settings The settings.
	 * @param Lists                             $lists    The gateway's lists.
	 * @param Notices                           $notices  The notices.
	 * @param Connection_View                   $view     What is said of the connection.
	 * @param First_Steps                       $steps    What comes next.
	 * @param array<Doi_Settings|Data_Settings> $cards    What else can be set.
	 */
	public function __construct(
		Settings $settings,
		Lists $lists,
		Notices $notices,
		Connection_View $view,
		First_Steps $steps,
		array $cards
	) {
		$this->settings = $settings;
		$this->lists    = $lists;
		$this->notices  = $notices;
		$this->view     = $view;
		$this->steps    = $steps;
		$this->cards    = $cards;
	}

	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add' ) );
		add_action( 'admin_enqueue_scripts', array( $this, 'enqueue' ) );
		add_action( 'admin_post_' . self::CONNECT, array( $this, 'connect' ) );
		add_action( 'admin_post_' . self::DISCONNECT, array( $this, 'disconnect' ) );
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
		add_submenu_page(
			self::SLUG,
			__( 'Gateway connection', 'gateway-connector' ),
			__( 'Connection', 'gateway-connector' ),
			self::CAPABILITY,
			self::SLUG,
			array( $this, 'print' )
		);
	}

	public function enqueue( string $page ): void {
		if ( false !== strpos( $page, self::SLUG ) ) {
			wp_enqueue_style( 'gateway-connector', plugins_url( 'assets/admin.css', PLUGIN_FILE ), array(), VERSION );
		}
	}

	/**
	 * Takes a pasted key. A key that does not work is not kept, so that a mistake cannot break a working connection.
	 */
	public function connect(): void {
		$this->authorize( self::CONNECT );
		$key        = Key_Form::posted();
		$connection = Connection::from_key( $key );
		if ( $this->report( $connection ) && ! $this->settings->key_is_constant() ) {
			$this->settings->save_key( $key );
		}
		$this->redirect();
	}

	/**
	 * Deletes the key. Waiting rows stay.
	 */
	public function disconnect(): void {
		$this->authorize( self::DISCONNECT );
		$this->settings->forget_key();
		$this->lists->forget();
		$this->notices->add(
			'success',
			$this->settings->connection()
				? __( 'Disconnected. The site uses the network’s connection now.', 'gateway-connector' )
				: __( 'Disconnected. Submissions wait here until you connect again.', 'gateway-connector' )
		);
		wp_safe_redirect( self::url() ); // Not back to the question.
		exit;
	}

	/**
	 * Asks the gateway again, for the connection in use.
	 */
	public function check(): void {
		$this->authorize( self::CHECK );
		$this->report(
			$this->settings->connection() ?? new WP_Error(
				'key',
				__( 'This site is not connected to a gateway yet.', 'gateway-connector' )
			)
		);
		$this->redirect();
	}

	public function print(): void {
		// A question changes nothing, so its link needs no nonce.
		$asks = '' !== Request::query( 'disconnect' ) && 'site' === $this->settings->key_source();
		?>
		<div class="wrap">
			<h1><?php esc_html_e( 'Gateway connection', 'gateway-connector' ); ?></h1>
			<?php
			if ( ! defined( 'WPCF7_VERSION' ) ) {
				printf(
					'<div class="notice notice-warning inline"><p>%s</p></div>',
					esc_html__( 'Contact Form 7 is not active. Activate it to connect its forms.', 'gateway-connector' )
				);
			}
			if ( $asks ) {
				$this->view->print_question();
			} else {
				$this->steps->print();
				$this->view->print();
				foreach ( $this->cards as $card ) {
					$card->print();
				}
			}
			?>
		</div>
		<?php
	}

	/**
	 * Asks the gateway and shows the outcome. An answer ends a pause.
	 *
	 * @param Connection|WP_Error $connection The connection.
	 */
	public function report( $connection ): bool {
		if ( is_wp_error( $connection ) ) {
			$this->notices->add( 'error', $connection->get_error_message() );
			return false;
		}
		$failure = $this->lists->refresh( $connection );
		if ( $failure ) {
			$this->notices->add( 'error', Error_Message::of( $failure, $connection->host() ) );
			return false;
		}
		$this->notices->add( 'success', Connection_Report::sentence( $this->lists->details(), $connection ) );
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
	private function redirect(): void {
		$back = wp_get_referer();
		$back = false === $back ? self::url() : $back;
		if ( false !== strpos( $back, 'page=wpcf7' ) ) {
			$back = add_query_arg( 'active-tab', Form_Panel::ID, $back );
		}
		wp_safe_redirect( $back );
		exit;
	}
}
