<?php
/**
 * The first form.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;

/**
 * Puts the box into a form of Contact Form 7 and connects the form with a list, by one press.
 */
final class First_Form {

	public const ADD = 'gateway_connector_first_form';

	private Lists $lists;

	private Notices $notices;

	public function __construct( Lists $lists, Notices $notices ) {
		$this->lists   = $lists;
		$this->notices = $notices;
	}

	public function register(): void {
		add_action( 'admin_post_' . self::ADD, array( $this, 'add' ) );
	}

	/**
	 * The forms that could get a box: not connected, with a field for an address.
	 *
	 * @return WPCF7_ContactForm[]
	 */
	public static function candidates(): array {
		return array_values( array_filter( self::forms(), array( self::class, 'is_candidate' ) ) );
	}

	/**
	 * Whether any form of Contact Form 7 is connected.
	 */
	public static function is_any_connected(): bool {
		foreach ( self::forms() as $form ) {
			if ( Form_Settings::of( $form )->enabled ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Asks for the form and the list.
	 *
	 * @param WPCF7_ContactForm[]  $forms The forms to choose from.
	 * @param array<string,string> $lists Names of the lists by id.
	 */
	public static function print( array $forms, array $lists ): void {
		$titles = array();
		foreach ( $forms as $form ) {
			$titles[ (string) $form->id() ] = (string) $form->title();
		}
		?>
		<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>" class="gateway-connector-first-form">
			<input type="hidden" name="action" value="<?php echo esc_attr( self::ADD ); ?>" />
			<?php
			wp_nonce_field( self::ADD );
			self::print_menu( 'form', __( 'Form', 'gateway-connector' ), $titles );
			self::print_menu( 'list', __( 'Mailing list', 'gateway-connector' ), $lists );
			?>
			<p>
				<code><?php echo esc_html( Newsletter_Tag::code( 1 ) ); ?></code>
			</p>
			<p><button class="button button-primary"><?php esc_html_e( 'Put the box into the form', 'gateway-connector' ); ?></button></p>
		</form>
		<?php
	}

	public function add(): void {
		if ( ! current_user_can( Settings_Page::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'gateway-connector' ), '', 403 );
		}
		check_admin_referer( self::ADD );
		$form = class_exists( WPCF7_ContactForm::class ) ? WPCF7_ContactForm::get_instance( (int) Request::text( 'form' ) ) : null;
		$list = sanitize_text_field( Request::text( 'list' ) );
		if ( ! $form || ! self::is_candidate( $form ) || ! isset( $this->lists->names()[ $list ] ) ) {
			$this->notices->add(
				'error',
				__( 'Nothing was changed: the form or the list is not there any more, or the form is connected.', 'gateway-connector' )
			);
		} else {
			self::connect( $form, $list );
			$this->notices->add(
				'success',
				/* translators: %s: a form's title */
				sprintf( __( 'The box is in the form “%s” now. Open a page with it and try it.', 'gateway-connector' ), $form->title() )
			);
		}
		wp_safe_redirect( Settings_Page::url() );
		exit;
	}

	private static function connect( WPCF7_ContactForm $form, string $list ): void {
		$number = 1;
		$known  = array_column( $form->scan_form_tags(), 'name' );
		while ( in_array( Newsletter_Tag::TYPE . '-' . $number, $known, true ) ) {
			++$number;
		}
		$text  = (string) $form->prop( 'form' );
		$end   = preg_match( '/\[submit\b/', $text, $found, PREG_OFFSET_CAPTURE ) ? $found[0][1] : strlen( $text );
		$names = preg_grep( '/name|nom\b|nombre/i', array_column( $form->scan_form_tags( array( 'basetype' => 'text' ) ), 'name' ) );
		$draft = new Contact_Form_Draft( $form, '', (string) reset( $names ), Newsletter_Tag::TYPE . '-' . $number );
		$draft->set_text( rtrim( substr( $text, 0, $end ) ) . "\n\n" . Newsletter_Tag::code( $number ) . "\n\n" . substr( $text, $end ) );
		$draft->connect( array( $list ) );
	}

	private static function is_candidate( WPCF7_ContactForm $form ): bool {
		return ! Form_Settings::of( $form )->enabled && array() !== $form->scan_form_tags( array( 'basetype' => 'email' ) );
	}

	/**
	 * All forms of Contact Form 7.
	 *
	 * @return WPCF7_ContactForm[]
	 */
	private static function forms(): array {
		return class_exists( WPCF7_ContactForm::class ) ? WPCF7_ContactForm::find( array( 'posts_per_page' => -1 ) ) : array();
	}

	/**
	 * A menu; with one choice it is chosen.
	 *
	 * @param array<string,string> $options Texts by value.
	 */
	private static function print_menu( string $name, string $label, array $options ): void {
		printf(
			'<p><label for="gateway-connector-first-%1$s">%2$s</label> <select id="gateway-connector-first-%1$s" name="%1$s" required>',
			esc_attr( $name ),
			esc_html( $label )
		);
		foreach ( $options as $value => $text ) {
			printf( '<option value="%s">%s</option>', esc_attr( (string) $value ), esc_html( $text ) );
		}
		echo '</select></p>';
	}
}
