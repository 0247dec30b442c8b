<?php
/**
 * The list of external services that plugins offer.
 */
class WPCF7_Integration {

	private static $instance;

	private $services = array();

	private function __construct() {}

	public static function get_instance() {
		return self::$instance ??= new self();
	}

	public function add_service( $name, WPCF7_Service $service ) {
		if ( ! wpcf7_is_name( $name ) || isset( $this->services[ $name ] ) ) {
			return false;
		}
		$this->services[ $name ] = $service;
		return true;
	}

	public function add_category( $name, $title ) {}

	public function service_exists( $name = '' ) {
		return '' === $name ? (bool) $this->services : isset( $this->services[ $name ] );
	}

	public function get_service( $name ) {
		return $this->services[ $name ] ?? false;
	}

	public function list_services( $args = '' ) {
		$include = (array) ( wp_parse_args( $args, array() )['include'] ?? array_keys( $this->services ) );
		foreach ( array_intersect_key( $this->services, array_flip( $include ) ) as $name => $service ) {
			printf( '<div class="card" id="%s"><h2 class="title">%s</h2>', esc_attr( $name ), esc_html( $service->get_title() ) );
			$service->icon();
			echo '<div class="infobox">';
			$service->link();
			echo '</div><div class="inside">';
			$service->display( $args['action'] ?? '' );
			echo '</div></div>';
		}
	}
}

/**
 * One external service.
 */
abstract class WPCF7_Service {

	abstract public function get_title();

	abstract public function is_active();

	public function get_categories() {
		return array();
	}

	public function icon() {}

	public function link() {}

	public function load( $action = '' ) {}

	public function display( $action = '' ) {}

	public function admin_notice( $message = '' ) {}
}
